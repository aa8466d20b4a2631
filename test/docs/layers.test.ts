/** Holds the table "Who may import whom" of docs/architecture.md to what the linter says of such imports. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { documentText, ROOT, tableAfter } from './markdown.ts';

const RULES = ['no-restricted-imports', 'no-restricted-globals', 'no-restricted-properties'];
const [header = [], ...rows] = tableAfter(documentText('docs/architecture.md'), '## Who may import whom');
const layers = rows.map(([layer = '']) => layer);

const folderOf = (layer: string): string => (layer === 'probes' ? 'probes' : `src/${layer}`);

/** Writes the path to a file of the layer `to` as a file of the layer `from` does. */
function pathOf(file: string, from: string, to: string): string {
  if (from === to) return `./${file}`;
  if (from === 'probes') return `../src/${to}/${file}`;
  return to === 'probes' ? `../../probes/${file}` : `../${to}/${file}`;
}

const importOf = (path: string): string => `import { x } from '${path}';`;
const PACKAGES = ['ip-address', 'yargs', 'yargs/helpers', 'dns-packet', 'raw-socket', 'node:fs', 'fs'];
const GLOBALS = [
  ...['process.pid', 'performance.now()', 'Date.now()', 'Buffer.alloc(1)', 'Math.random()'],
  ...['setTimeout(x)', 'setInterval(x)', 'setImmediate(x)'],
].map((expression) => `export const x = () => ${expression};`);

/** Makes lines of code for a cell, and picks those that its word allows. */
function linesOf(layer: string, column: string, word: string): { all: string[]; allowed: string[] } {
  if (column === 'globals') return { all: GLOBALS, allowed: word === 'yes' ? GLOBALS : [] };
  if (column === 'packages') {
    const named = word === 'any' ? PACKAGES : PACKAGES.filter((name) => name.split('/', 1)[0] === word);
    return { all: PACKAGES.map(importOf), allowed: named.map(importOf) };
  }
  const all = ['probe-type.ts', 'codes.ts', 'other.ts'].map((file) => importOf(pathOf(file, layer, column)));
  const named = all.filter((line) => word === 'yes' || line.includes(`/${word}.ts`));
  return { all, allowed: named };
}

describe('who may import whom', () => {
  let eslint: ESLint;
  before(() => {
    // these rules need no types; a file that is not there has none
    eslint = new ESLint({ cwd: ROOT, overrideConfig: tseslint.configs.disableTypeChecked as never }); // its types are of another package
  });

  /** Answers the lines that the linter lets pass in a file of the layer, and its messages on the others. */
  async function lint(
    layer: string,
    lines: readonly string[],
  ): Promise<{ passed: string[]; messages: string[] }> {
    const filePath = `${ROOT}${folderOf(layer)}/made-up.ts`;
    const [result] = await eslint.lintText(lines.join('\n'), { filePath });
    const found = result?.messages ?? [];
    assert.deepEqual(
      found.filter(({ fatal }) => fatal),
      [],
    );
    const ours = found.filter(({ ruleId }) => RULES.includes(ruleId ?? ''));
    const refused = new Set(ours.map(({ line }) => line));
    const passed = lines.filter((_, index) => !refused.has(index + 1));
    return { passed, messages: ours.map(({ message }) => message) };
  }

  it('has a row and a column for each layer', () => {
    assert.deepEqual([...layers, 'bin'].sort(), header.slice(1, -2).sort());
    assert.ok(layers.length >= 8);
  });

  for (const [layer = '', ...words] of rows) {
    it(`lets ${layer} import what its row allows, and nothing else`, async () => {
      const cells = words.map((word, index) => linesOf(layer, header[index + 1] ?? '', word));
      const { passed, messages } = await lint(
        layer,
        cells.flatMap(({ all }) => all),
      );
      assert.deepEqual(
        passed,
        cells.flatMap(({ allowed }) => allowed),
      );
      for (const message of messages)
        assert.match(message, /see docs\/architecture\.md, "Who may import whom"/);
    });
  }
});
