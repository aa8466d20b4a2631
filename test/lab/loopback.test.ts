/** Covers traces from a machine that lets nothing through to itself: its lo is down, or a firewall drops it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { normalise } from '../sim/normalise.ts';
import { mustRun } from './command.ts';
import { labMissing } from './lab.ts';
import { openRouters, type Routers } from './routers.ts';

const TRACEROUTE = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all'];
const HEAD = 'traceroute to 10.2.0.1 (10.2.0.1), 64 hops max, 40 byte packets\n';
const HOPS = ' 1  10.1.0.1  <rtt> ms\n 2  10.2.0.1  <rtt> ms';

describe('a machine that lets nothing through to itself', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(() => {
    routers = openRouters(1);
  });
  after(() => {
    routers.close();
  });

  async function trace(user: readonly string[], ...options: readonly string[]): Promise<string> {
    const argv = [...user, process.execPath, TRACEROUTE, '-nq1', ...options, '10.2.0.1'];
    const { status, stdout, stderr } = await routers.exec('src', 'env', argv);
    assert.equal(normalise(stdout), HOPS);
    assert.equal(status, 0);
    return stderr;
  }

  /** Traces as root, as nobody, and with -d: that alone tells of it, for `reason`. */
  async function tracesAllTheSame(reason: string): Promise<void> {
    assert.equal(await trace([]), HEAD);
    assert.equal(await trace(AS_NOBODY), HEAD);
    const told = `traceroute: debug: the kernel's calls could not be tested over loopback: ${reason}\n`;
    assert.equal(await trace([], '-d'), told + HEAD);
  }

  it('traces where lo is down', async () => {
    const lo = ['-n', routers.namespaceOf('src'), 'link', 'set', 'lo'];
    mustRun('ip', [...lo, 'down']);
    await tracesAllTheSame('nothing arrived');
    mustRun('ip', [...lo, 'up']);
  });

  for (const [what, rule, reason] of [
    ['drops what comes over lo', 'type filter hook input priority 0; iif lo drop', 'nothing arrived'],
    ['rejects what comes over lo', 'type filter hook input priority 0; iif lo reject', 'nothing arrived'],
    ['sends nothing over lo', 'type filter hook output priority 0; oif lo drop', 'Operation not permitted'],
  ] as const) {
    it(`traces where a firewall ${what}`, async () => {
      routers.nft('src', `table inet own { chain own { ${rule}; }; }`);
      await tracesAllTheSame(reason);
      routers.nft('src', 'delete table inet own');
    });
  }
});
