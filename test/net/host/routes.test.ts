/** Covers what this machine tells of its routes: routes.ts, socket-route.ts and this-machine.ts, over its own kernel. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { TransportError } from '../../../src/model/errors.ts';
import { socketRoute } from '../../../src/net/host/socket-route.ts';
import { thisMachine } from '../../../src/net/host/this-machine.ts';
import type { RouteQuestion, RouteReply } from '../../../src/ports/machine.ts';
import { mustRun } from '../../lab/command.ts';
import { enterOwnNetwork, networkMissing } from '../conformance/own-network.ts';

const DEVICES = [
  'link add near index 77 type veth peer name over',
  'link add off type veth peer name below',
  'address add 192.0.2.1/24 dev near',
  'address add 2001:db8::1/64 dev near nodad',
  'address add fe80::1/64 dev near nodad',
  'link set near up',
  'link set over up',
  'route add default via 192.0.2.254',
  'route add 198.51.100.0/24 via 192.0.2.253',
  'route add unreachable 203.0.113.1',
  'route add blackhole 203.0.113.2',
  'route add prohibit 203.0.113.3',
  'route add throw 203.0.113.4',
  '-6 route add 2001:db8:1::/64 via 2001:db8::fe',
];

type Question = Omit<RouteQuestion, 'protocol' | 'tos'>;

/** A datagram of UDP to the usual port. */
function udp(question: Question): RouteQuestion {
  return { protocol: 17, sourcePort: 40_000, destinationPort: 33_434, tos: 0, ...question };
}

/** The route with the name of its device, or the refusal with its error. */
function told(reply: RouteReply): Record<string, unknown> {
  if ('route' in reply) return { ...reply.route, device: reply.route.device() };
  return { refusal: reply.refusal, code: reply.error.code };
}

describe('the routes of this machine', { skip: networkMissing() ?? false }, () => {
  before(() => {
    enterOwnNetwork();
    for (const line of DEVICES) mustRun('ip', line.split(' '));
  });

  const own = { source: '192.0.2.1', device: 'near', isGuess: false };
  const own6 = { source: '2001:db8::1', device: 'near', isGuess: false };
  for (const [what, question, expected] of [
    ['a neighbour', { destination: '192.0.2.9' }, own],
    ['a network behind a gateway', { destination: '198.51.100.1' }, { ...own, gateway: '192.0.2.253' }],
    ['a network of IPv6', { destination: '2001:db8:1::1' }, { ...own6, gateway: '2001:db8::fe' }],
    ['itself', { destination: '192.0.2.1' }, { ...own, device: 'lo' }],
    [
      'a link-local address with a zone',
      { destination: 'fe80::2%near' },
      { ...own6, source: 'fe80::1%near' },
    ],
    [
      'a source and a device of IPv6',
      { destination: '2001:db8::9', source: '2001:db8::1', device: 'near' },
      own6,
    ],
    ['a device by its number', { destination: '192.0.2.9', device: '77' }, own],
  ] as const) {
    it(`lead to ${what}`, async () => {
      assert.deepEqual(told(await thisMachine.routeTo(udp(question))), expected);
    });
  }

  it('lead nowhere by a device that has none: the destination is looked for on its link', async () => {
    mustRun('ip', ['route', 'del', 'default']);
    try {
      const reply = await thisMachine.routeTo(udp({ destination: '233.252.1.1', device: 'near' }));
      assert.ok('route' in reply, 'multicast has one');
      const guess = await thisMachine.routeTo(udp({ destination: '100.64.0.1', device: 'near' }));
      assert.deepEqual(told(guess), { ...own, isGuess: true });
      const none = await thisMachine.routeTo(udp({ destination: '100.64.0.1' }));
      assert.deepEqual(told(none), { refusal: 'no-route', code: 'ENETUNREACH' });
    } finally {
      mustRun('ip', ['route', 'add', 'default', 'via', '192.0.2.254']);
    }
  });

  for (const [question, refusal, code] of [
    [{ destination: '192.0.2.9', device: 'none' }, 'no-device', 'ENODEV'],
    [{ destination: '192.0.2.9', device: 'off' }, 'device-down', 'ENETDOWN'],
    [{ destination: '192.0.2.255' }, 'broadcast', 'EACCES'],
    [{ destination: '192.0.2.9', source: '127.0.0.1' }, 'loopback-source', 'EINVAL'],
    [{ destination: '203.0.113.1' }, 'unreachable', 'EHOSTUNREACH'],
    [{ destination: '203.0.113.2' }, 'blackhole', 'EINVAL'],
    [{ destination: '203.0.113.3' }, 'prohibited', 'EACCES'],
    [{ destination: '2001:db8:2::1' }, 'no-route', 'ENETUNREACH'],
  ] as const) {
    it(`refuse ${JSON.stringify(question)}: ${refusal}`, async () => {
      assert.deepEqual(told(await thisMachine.routeTo(udp(question))), { refusal, code });
    });
  }

  describe('where the kernel cannot be asked', () => {
    for (const [what, question, expected] of [
      ['a destination', { destination: '198.51.100.1' }, own],
      ['a device', { destination: '198.51.100.1', device: 'near' }, own],
      ['a device of IPv6', { destination: '2001:db8::9', device: 'near' }, own6],
      ['a source', { destination: '192.0.2.9', source: '192.0.2.1' }, own],
      ['a source of nobody', { destination: '192.0.2.9', source: '10.0.0.1' }, { device: 'unknown' }],
      ['no device', { destination: '192.0.2.9', device: 'none' }, { refusal: 'no-device', code: 'ENODEV' }],
    ] as const) {
      it(`come from a socket's address: ${what}`, async () => {
        const found = told(await socketRoute(udp(question)));
        assert.deepEqual({ ...found, ...expected }, found);
      });
    }

    it('end where a socket finds none', async () => {
      const found = told(await socketRoute(udp({ destination: '2001:db8:2::1' })));
      assert.deepEqual(found, { refusal: 'no-route', code: 'ENETUNREACH' });
    });
  });

  it('go from its own addresses alone', async () => {
    assert.equal(await thisMachine.sourceTowards('198.51.100.1'), '192.0.2.1');
    assert.equal(await thisMachine.isOwn('192.0.2.1'), true);
    assert.equal(await thisMachine.isOwn('192.0.2.9'), false);
  });

  it('have a TTL of the kernel', () => {
    mustRun('sysctl', ['-qw', 'net.ipv4.ip_default_ttl=99', 'net.ipv6.conf.default.hop_limit=77']);
    assert.equal(thisMachine.defaultTtl(4), 99);
    assert.equal(thisMachine.defaultTtl(6), 77);
  });

  for (const kind of ['tcp', 'udp'] as const) {
    it(`keep a port of ${kind} for one program`, async () => {
      const reserved = await thisMachine.reservePort(kind, [4, 6], 0);
      await assert.rejects(thisMachine.reservePort(kind, [4], reserved.port), TransportError);
      reserved.release();
      const again = await thisMachine.reservePort(kind, [4], reserved.port);
      assert.equal(again.port, reserved.port);
      again.release();
    });
  }
});
