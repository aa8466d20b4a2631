/** Covers probes that are longer than the interface's MTU, over kernel routers: they arrive in fragments, or not with -F. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { normalise } from '../sim/normalise.ts';
import { mustRun } from './command.ts';
import { labMissing } from './lab.ts';
import { openRouters, type Routers } from './routers.ts';

const TRACEROUTE = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all'];
const HOPS = {
  4: ' 1  10.1.0.1  <rtt> ms\n 2  10.2.0.1  <rtt> ms',
  6: ' 1  fd00:1::1  <rtt> ms\n 2  fd00:2::1  <rtt> ms',
} as const;
/** Of each way to the wire, what it can send. */
const WAYS = [
  ['as root', [], [['-w3'], ['-I'], ['-P', 'tcp', '-e', '-p443'], ['-P', 'gre'], ['-P', 'sctp']]],
  ['over raw-socket', [], [['--transport', 'raw-socket']]],
  ['as nobody', AS_NOBODY, [['-w3'], ['-I']]],
] as const;

describe('a probe longer than the MTU', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(async () => {
    routers = openRouters(1);
    await routers.listen(443);
    const range = 'net.ipv4.ping_group_range=0 2147483647';
    mustRun('ip', ['netns', 'exec', routers.namespaceOf('src'), 'sysctl', '-qw', range]);
  });
  after(() => {
    routers.close();
  });

  const trace = (user: readonly string[], ...args: readonly string[]) =>
    routers.exec('src', 'env', [...user, process.execPath, TRACEROUTE, '-nq1', ...args]);

  for (const [who, user, probes] of WAYS) {
    for (const family of [4, 6] as const) {
      for (const probe of probes) {
        for (const length of ['1504', '32768']) {
          it(`of ${length} octets reaches the target ${who}: IPv${family} ${probe.join(' ')}`, async () => {
            const { stdout } = await trace(user, ...probe, routers.destination[family], length);
            assert.equal(normalise(stdout).replaceAll(/ (?:!P|!|\[open\])(?= |$|\n)/g, ''), HOPS[family]);
          });
        }
      }
      it(`is not sent ${who} with -F over IPv${family}`, async () => {
        const target = routers.destination[family];
        const { status, stdout, stderr } = await trace(user, '-F', '-m1', target, '1501');
        assert.equal(stdout, ` 1 traceroute: wrote ${target} 1501 chars, ret=-1\n *\n`);
        assert.match(stderr, /traceroute: sendto: Message too long\n$/);
        assert.equal(status, 0);
      });
    }
  }

  for (const [who, user] of [
    ['as root', []],
    ['as nobody', AS_NOBODY],
  ] as const) {
    it(`of the interface over IPv6 meets a narrower link: the router's answer is shown ${who}`, async () => {
      const narrow = (mtu: string): void => {
        mustRun('ip', ['-n', routers.namespaceOf('r1'), 'link', 'set', 'right', 'mtu', mtu]);
        mustRun('ip', ['-n', routers.namespaceOf('src'), '-6', 'route', 'flush', 'cache']);
      };
      narrow('1280');
      const { stdout } = await trace(user, '-q1', routers.destination[6], '1400');
      narrow('1500');
      assert.match(normalise(stdout), /^ 1 {2}fd00:1::1 {2}<rtt> ms\n 2 {2}fd00:1::1 {2}<rtt> ms !F-1280$/);
    });
  }

  it('is cut to what the interface has room for, whatever that is', async () => {
    const right = ['-n', routers.namespaceOf('src'), 'link', 'set', 'right', 'mtu'];
    mustRun('ip', [...right, '1337']);
    for (const family of [4, 6] as const) {
      const { stdout } = await trace([], routers.destination[family], '5000');
      assert.equal(normalise(stdout), HOPS[family]);
    }
    mustRun('ip', [...right, '1500']);
  });
});
