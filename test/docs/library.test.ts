/** Runs the examples of docs/library.md over a simulated path, and holds what they print against the page. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, mock } from 'node:test';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { codeBlocks, documentText } from './markdown.ts';
import { world } from './library-in-memory.ts';

const page = documentText('docs/library.md');
const LIBRARY = new URL('library-in-memory.ts', import.meta.url).href;
const EXAMPLES = ['trace', 'matrix', 'many'];

describe('docs/library.md', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'polytrace-library-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('has three examples', () => {
    assert.deepEqual(
      [...page.matchAll(/^```ts example (\w+)$/gm)].map(([, name]) => name),
      EXAMPLES,
    );
  });

  for (const name of EXAMPLES) {
    it(`prints of the example "${name}" what the page says`, async () => {
      const [source = ''] = codeBlocks(page, `ts example ${name}`);
      const options = { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 };
      const script = ts.transpile(source.replace("'polytrace'", `'${LIBRARY}'`), options);
      const file = join(folder, `${name}.mjs`);
      writeFileSync(file, script);
      const lines: string[] = [];
      const log = mock.method(console, 'log', (...words: unknown[]) => lines.push(words.join(' ')));
      try {
        await world.clock.run(import(pathToFileURL(file).href));
      } finally {
        log.mock.restore();
      }
      assert.equal(`${lines.join('\n')}\n`, codeBlocks(page, `text output ${name}`).join(''));
    });
  }
});
