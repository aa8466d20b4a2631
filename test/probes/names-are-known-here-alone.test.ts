/** Holds eslint.config.js to its ban: outside dialects/, nothing in src/ names a probe. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { probeTypes } from '../../probes/index.ts';
import { ROOT } from '../docs/markdown.ts';

describe('the linter', () => {
  let eslint: ESLint;
  before(() => {
    // the rule needs no types, and files that are not there have none
    eslint = new ESLint({ cwd: ROOT, overrideConfig: tseslint.configs.disableTypeChecked as never }); // its types are of another package
  });

  /** The names that a file may not have as literals, and the complaints about them. */
  async function refused(path: string): Promise<{ names: string[]; messages: string[] }> {
    const names = probeTypes.map(({ name }) => name);
    const text = names.map((name) => `export const x = '${name}';`).join('\n');
    const [result] = await eslint.lintText(text, { filePath: `${ROOT}${path}` });
    const found = (result?.messages ?? []).filter(({ ruleId }) => ruleId === 'no-restricted-syntax');
    return {
      names: found.map(({ line }) => names[line - 1] ?? ''),
      messages: found.map(({ message }) => message),
    };
  }

  it('refuses the name of every probe of the registry in a room that has traits to read', async () => {
    for (const room of ['engine', 'verdict', 'measure', 'render/matrix', 'formats', 'command']) {
      const { names, messages } = await refused(`src/${room}/made-up.ts`);
      assert.deepEqual(
        names,
        probeTypes.map(({ name }) => name),
        room,
      );
      for (const message of messages) assert.match(message, /read a trait \(see docs\/adding-a-probe\.md/);
    }
  });

  it('lets net/ name the protocols of sockets, and dialects/ name every probe', async () => {
    const { names } = await refused('src/net/made-up.ts');
    assert.deepEqual(
      probeTypes.map(({ name }) => name).filter((name) => !names.includes(name)),
      ['udp', 'tcp'],
    );
    assert.deepEqual((await refused('src/dialects/made-up.ts')).names, []);
  });
});
