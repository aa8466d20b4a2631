/** Covers the order in which a command sends, gives up its rights, and reads: over real packets. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ended, spawnIn } from '../command.ts';
import { labMissing } from '../namespaces.ts';
import { openRouters, type Routers } from '../routers.ts';
import { NOBODY } from './start.ts';

const CHILD = fileURLToPath(new URL('order-child.ts', import.meta.url));

describe('a command that root starts', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(() => {
    routers = openRouters(2);
  });
  after(() => {
    routers.close();
  });

  async function said(...args: readonly string[]): Promise<readonly string[]> {
    const words = ['--import', import.meta.resolve('tsx'), CHILD, ...args, routers.destination[4]];
    const { stdout, stderr } = await ended(spawnIn(routers.namespaceOf('src'), process.execPath, words));
    const last = stdout.trim().split('\n').at(-1) ?? '';
    assert.match(last, /^\{/, stderr);
    const { status, said: lines } = JSON.parse(last) as { status: number; said: string[] }; // the child's own form
    assert.equal(status, 0, stderr);
    return lines;
  }

  for (const probe of ['-P udp', '-I', '-P tcp']) {
    it(`sends its first probes, and reads nothing before it has become nobody: ${probe}`, async () => {
      const lines = await said('-n', ...probe.split(' '));
      assert.equal(lines[0], 'sent as 0');
      assert.deepEqual(
        lines.filter((line) => line.startsWith('read')),
        [`read as ${NOBODY.uid}`],
      );
    });
  }

  it('has become nobody before it sends over sockets whose times it takes itself', async () => {
    const lines = await said('-n', '--transport', 'plain');
    assert.deepEqual(lines, [`sent as ${NOBODY.uid}`, `read as ${NOBODY.uid}`]);
  });
});
