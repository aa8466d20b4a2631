/** Preloaded into a command: says at its end, as JSON on standard error, how large V8's cache was and would be now. */
const { writeSync } = require('node:fs');
const vm = require('node:vm');
vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    process.on('exit', () => {
      const { length: cached } = options.cachedData;
      writeSync(2, `\n${JSON.stringify({ cached, compiled: this.createCachedData().length })}`);
    });
  }
};
