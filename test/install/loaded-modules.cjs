/** Preloaded into a command: says at its end, as JSON on standard error, what it has loaded. */
const { writeSync } = require('node:fs');
const bare = new Set(process.moduleLoadList);
process.on('exit', () => {
  const builtins = process.moduleLoadList
    .filter((name) => !bare.has(name))
    .map((name) => name.split(' ').at(-1));
  const files = [...Object.keys(require.cache), ...process.report.getReport().sharedObjects];
  writeSync(2, `\n${JSON.stringify({ builtins, files })}`);
});
