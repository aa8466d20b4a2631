/** Covers docs/CONTRIBUTING.md, "From a report to a failing test": its example, step by step. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { traceroute } from '../dialects/run-command.ts';
import { labMissing, runInLab } from '../lab/lab.ts';
import { normalise } from '../sim/normalise.ts';
import type { PathFormat } from '../sim/path-format.ts';
import { codeBlocks, documentText } from './markdown.ts';

const page = documentText('docs/CONTRIBUTING.md');
const TRACEROUTE = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
const path = JSON.parse(codeBlocks(page, 'json').join('')) as PathFormat; // what the page says it is

describe('the worked example of docs/CONTRIBUTING.md', () => {
  it('gets eight answers from a router that answers bursts of six', async () => {
    const { out } = await traceroute('-n -q 8 -m 1 10.99.0.1', { path });
    assert.equal(normalise(out), ` 1  10.1.0.1${'  <rtt> ms'.repeat(8)}`);
  });

  it('gets eight answers over real packets too', { skip: labMissing() ?? false }, async () => {
    const argv = [TRACEROUTE, '-n', '-q', '8', '-m', '1', '10.99.0.1'];
    const { stdout } = await runInLab(path, process.execPath, argv);
    assert.equal(normalise(stdout), ` 1  10.1.0.1${'  <rtt> ms'.repeat(8)}`);
  });

  it('fails as the page shows where nothing is sent again', async () => {
    const { out } = await traceroute('-n -q 8 -m 1 --parallel 8 10.99.0.1', { path });
    assert.equal(out, codeBlocks(page, 'text').join(''));
  });

  it('is the code that the page shows', () => {
    const source = readFileSync(fileURLToPath(import.meta.url), 'utf8').replaceAll(/^ {2}/gm, '');
    const shown = codeBlocks(page, 'ts');
    assert.equal(shown.length, 2);
    for (const block of shown) assert.ok(source.includes(block), block);
  });
});
