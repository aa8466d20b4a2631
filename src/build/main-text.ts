/** The text of the script around the modules that it is bundled of. src/bin/evaluate.ts takes its value. Pure. */

/** Surrounds the script: an expression whose value is a function of `require` and of the script's place. */
export const MAIN = {
  banner: '(function (require, __filename, __dirname) { let program;',
  footer: 'return program; })',
} as const;

/** A file, and the names that it exports. */
export type Exporting = readonly [file: string, names: readonly string[]];

/**
 * Source of the module that imports all others of the script. What parts import is gathered when one first asks for it: to
 * define hundreds of properties at each start would take a millisecond.
 * @param main - exports the commands
 * @param shared - modules that parts import
 * @param parts - the files of the parts
 */
export function mainText(
  [main, commands]: Exporting,
  shared: readonly Exporting[],
  parts: readonly string[],
): string {
  const imports = shared.map(([file], index) => `import * as shared${index} from '${file}';`);
  const gathered = shared.map(([file, names], index) => {
    const members = names.map((name) => `get ${name}() { return shared${index}.${name}; }`);
    return `'${file}': () => ({ ${members.join(', ')} })`;
  });
  return [
    `import { ${commands.join(', ')} } from '${main}';`,
    ...imports,
    'program = {',
    `commands: { ${commands.join(', ')} },`,
    `shared: { ${gathered.join(', ')} },`,
    `parts: ${JSON.stringify(parts)},`,
    '};',
  ].join('\n');
}
