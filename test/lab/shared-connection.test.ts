/** Covers both commands over packets where TCP probes of one connection stand in each other's way. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PathFormat } from '../sim/path-format.ts';
import { labMissing, runInLab } from './lab.ts';
import { openRouters, type Routers } from './routers.ts';
import { addSlowLink } from './slow-link.ts';

const script = (command: string) => fileURLToPath(new URL(`../../dist/${command}.js`, import.meta.url));
const THREE = '( {2}\\d+\\.\\d{3} ms){3}';

describe('over packets, a box that passes one sequence number', { skip: labMissing() ?? false }, () => {
  const text = readFileSync(new URL('../golden/found/asa-isn-lock.json', import.meta.url), 'utf8');
  const path = JSON.parse(text) as PathFormat; // the tests of found paths check it

  // -w keeps a busy machine from losing answers
  for (const [command, ...args] of [
    ['tcptraceroute', '-n', '-w', '2', '10.99.0.1', '443'],
    ['traceroute', '-n', '-w', '2', '-P', 'tcp', '-e', '-p', '443', '10.99.0.1'],
    ['traceroute', '-6', '-n', '-w', '2', '-P', 'tcp', '-e', '-p', '443', 'fd99::1'],
  ] as const) {
    it(`hides no hop from ${[command, ...args].join(' ')}, nor an open port`, async () => {
      const { stdout, status } = await runInLab(path, process.execPath, [script(command), ...args]);
      const lines = stdout.trimEnd().split('\n');
      assert.equal(lines.length, 6);
      for (const line of lines) assert.match(line, new RegExp(`${THREE}$`));
      assert.match(lines.at(-1) ?? '', / \[open\]/);
      assert.equal(status, 0);
    });
  }
});

describe('an open port whose answers this machine may not reset', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  let target: string;
  before(async () => {
    routers = openRouters(1);
    await routers.listen(443);
    target = await addSlowLink(routers, 20);
    await routers.exec('src', 'nft', [
      'add table inet t; add chain inet t o { type filter hook output priority 0; }',
    ]);
    await routers.exec('src', 'nft', ['add rule inet t o tcp flags rst drop']);
  });
  after(() => {
    routers.close();
  });

  it('answers every probe', async () => {
    const argv = [script('tcptraceroute'), '-n', target, '443'];
    const { status, stdout } = await routers.exec('src', process.execPath, argv);
    assert.match(stdout, new RegExp(`^ 1 {2}10\\.200\\.0\\.2 \\[open\\]${THREE}\\n$`));
    assert.equal(status, 0);
  });
});
