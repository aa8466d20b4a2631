/** Covers traces over kernel routers that limit the rate of their ICMP errors, as Linux does unless told otherwise. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { labMissing } from './lab.ts';
import { openRouters, type Routers } from './routers.ts';

const SCRIPT = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
/** Limits time exceeded only. */
const LIMIT = ['net.ipv4.icmp_ratemask=2048', 'net.ipv4.icmp_ratelimit=1000'];

describe('a router that answers bursts of six', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(async () => {
    routers = openRouters(2);
    for (const node of ['r1', 'r2']) await routers.exec(node, 'sysctl', ['-qw', ...LIMIT]);
  });
  after(() => {
    routers.close();
  });

  /** Runs a trace of one hop. Answers of each probe whether it was answered. */
  async function answered(ttl: number, ...options: readonly string[]): Promise<readonly boolean[]> {
    const hop = ['-f', String(ttl), '-m', String(ttl)];
    const argv = [SCRIPT, '-n', '--json', '-q', '8', ...hop, ...options, routers.destination[4]];
    const { stdout, stderr } = await routers.exec('src', process.execPath, argv);
    assert.equal(stderr, '');
    const { trace } = JSON.parse(stdout) as { trace: { hops: readonly { probes: readonly unknown[] }[] } };
    return (trace.hops[0]?.probes ?? []).map((probe) => probe !== null);
  }

  it('answers eight probes in the end, for those that it swallowed are sent again', async () => {
    const shown = await answered(1);
    assert.equal(shown.filter(Boolean).length, 8);
  });

  it('answers only what its rate lets pass where --parallel sets the pace', async () => {
    const shown = await answered(2, '--parallel', '8');
    assert.equal(shown.filter(Boolean).length, 6);
  });
});
