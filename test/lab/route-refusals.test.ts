/** Where the machine has no way for a probe, one line says so, and nothing is sent. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { labMissing } from './namespaces.ts';
import { Uplinks } from './uplinks.ts';

const TRACEROUTE = join(import.meta.dirname, '../../dist/traceroute.js');
const skip = labMissing() ?? false;

const see = (target: string): string => `see "ip route get ${target}"`;

/** Options and target, and the line without the program's name. */
const CASES: readonly (readonly [argv: string, line: string])[] = [
  [
    '10.98.1.1',
    `no route to 10.98.1.1: No route to host (a route of this machine says unreachable: ${see('10.98.1.1')})`,
  ],
  [
    'fd98:1::1',
    `no route to fd98:1::1: No route to host (a route of this machine says unreachable: ${see('fd98:1::1')})`,
  ],
  [
    '10.98.2.1',
    `no route to 10.98.2.1: Invalid argument (a blackhole route of this machine takes it: ${see('10.98.2.1')})`,
  ],
  [
    'fd98:2::1',
    `no route to fd98:2::1: Invalid argument (a blackhole route of this machine takes it: ${see('fd98:2::1')})`,
  ],
  [
    '10.98.3.1',
    `no route to 10.98.3.1: Permission denied (a route or rule of this machine prohibits it: ${see('10.98.3.1')})`,
  ],
  [
    'fd98:3::1',
    `no route to fd98:3::1: Permission denied (a route or rule of this machine prohibits it: ${see('fd98:3::1')})`,
  ],
  [
    '-P tcp -e -p 25 10.99.0.1',
    `no route to 10.99.0.1: Permission denied (a route or rule of this machine prohibits it: ${see('10.99.0.1')})`,
  ],
  [
    '-i e1 fd99::1',
    'no route to fd99::1 by e1: Network is unreachable (see "ip -6 route show dev e1", or choose -s too)',
  ],
  [
    '-i lo 10.99.0.1',
    'no route to 10.99.0.1 by lo: Network is unreachable (the loopback interface reaches this machine alone)',
  ],
  [
    '-i lo fd99::1',
    'no route to fd99::1 by lo: Network is unreachable (the loopback interface reaches this machine alone)',
  ],
  ['-i e9 10.99.0.1', 'interface e9 is down: Network is down (ip link set e9 up)'],
  ['-i nosuch 10.99.0.1', "Can't find interface nosuch"],
  [
    '-s 127.0.0.1 10.99.0.1',
    'cannot send to 10.99.0.1 from 127.0.0.1: Invalid argument (a loopback address reaches this machine alone)',
  ],
  [
    '-s ::1 fd99::1',
    'cannot send to fd99::1 from ::1: Invalid argument (a loopback address reaches this machine alone)',
  ],
  [
    '10.1.0.255',
    'cannot send to 10.1.0.255: Permission denied (it is a broadcast address; trace to one host)',
  ],
  ['-r 10.99.0.1', 'connect: Network is unreachable'],
  ['-r fd99::1', 'connect: Network is unreachable'],
];

describe('a machine without a way for a probe', { skip }, () => {
  let uplinks: Uplinks;
  before(() => {
    uplinks = new Uplinks();
    for (const [index, kind] of ['unreachable', 'blackhole', 'prohibit'].entries()) {
      uplinks.ip(`route add ${kind} 10.98.${index + 1}.0/24`, `-6 route add ${kind} fd98:${index + 1}::/64`);
    }
    uplinks.ip('-4 rule add ipproto tcp dport 25 prohibit', 'link add e9 type veth peer name e9-peer');
  });
  after(() => {
    uplinks.close();
  });

  for (const [argv, line] of CASES) {
    it(`refuses in one line and sends nothing: traceroute ${argv}`, async () => {
      const command = [TRACEROUTE, '-n', '-q', '1', '-m', '2', '-w', '1', ...argv.split(' ')];
      const { status, stdout, stderr } = await uplinks.exec(process.execPath, command);
      assert.deepEqual(
        { status, stdout, stderr },
        { status: 1, stdout: '', stderr: `traceroute: ${line}\n` },
      );
      assert.deepEqual(uplinks.left(), []);
    });
  }

  it('sends to the link itself, and says so, where -i has no route over IPv4', async () => {
    const command = [TRACEROUTE, '-n', '-q', '1', '-m', '1', '-w', '1', '-i', 'e1', '10.99.0.1'];
    const { stderr } = await uplinks.exec(process.execPath, command);
    const [line] = stderr.split('\n');
    assert.equal(
      line,
      'traceroute: Warning: no route to 10.99.0.1 by e1; this host looks for it on the link itself',
    );
  });
});
