/**
 * Runs the one suite for transports over each of them, and asks more of those over a kernel. Covers open-transport.ts,
 * portable/, and the sockets, messages and polls of linux/.
 */
import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Transport, TransportChoice } from '../../../src/ports/transport.ts';
import type { Family } from '../../../src/model/address.ts';
import { TransportError } from '../../../src/model/errors.ts';
import { openTransport } from '../../../src/net/open-transport.ts';
import { RawTransport } from '../../../src/net/portable/raw-transport.ts';
import { LINUX_IPV6_FIELDS, rawSystem } from '../../../src/net/portable/raw-system.ts';
import { openUnprivileged } from '../../../src/net/unprivileged/open-unprivileged.ts';
import { ICMPV4_TYPE } from '../../../src/wire/icmpv4.ts';
import { ICMPV6_TYPE } from '../../../src/wire/icmpv6.ts';
import { IP_PROTOCOL } from '../../../src/wire/codes.ts';
import { decodeIpv4 } from '../../../src/wire/ipv4.ts';
import { mustRun } from '../../lab/command.ts';
import { SimTransport } from '../../sim/sim-transport.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import { enterOwnNetwork, networkMissing } from './own-network.ts';
import { rawOptions } from './raw-options.ts';
import { icmpTo, outgoing, udpTo, type Route } from './outgoing.ts';
import { collectReplies, conformance, echoReplies, echoRequest, icmpOf, type Subject } from './suite.ts';

const LOOPBACK: Readonly<Record<Family, Route>> = {
  4: { from: '127.0.0.1', to: '127.0.0.1' },
  6: { from: '::1', to: '::1' },
};

function simulated(): Subject {
  const clock = new VirtualClock();
  const route = {
    4: { from: '10.0.0.1', to: '10.99.0.1' },
    6: { from: 'fd00::1', to: 'fd99::1' },
  };
  const dst = { addr: route[4].to, addr6: route[6].to, delay: 5 };
  const path = { src: route[4].from, src6: route[6].from, hops: [], dst };
  return {
    name: 'simulated',
    precision: 'user',
    route,
    open: () => Promise.resolve(new SimTransport({ path, clock, protocols: [] })),
    settle: (promise) => clock.run(promise),
  };
}

type Name = Exclude<TransportChoice, 'auto' | 'plain'> | 'unprivileged';

/** Tests that a transport cannot pass, each with the reason. */
const BEYOND: Partial<Record<Name, Readonly<Record<'ttl' | 'protocols' | 'others', string>>>> = {
  unprivileged: {
    ttl: 'a ping socket sends requests alone, of which the answers have the TTL of the system',
    protocols: 'without rights there are no sockets of other protocols',
    others: 'its sockets do not hear what another transport has asked for',
  },
};

async function open(name: Name): Promise<Transport> {
  if (name !== 'unprivileged') return await openTransport(rawOptions({ transport: name }));
  const { udp, icmp, icmpv6 } = IP_PROTOCOL;
  return openUnprivileged(rawOptions({ protocols: [udp, icmp, icmpv6] }));
}

function real(name: Name): Subject {
  return {
    name,
    precision: name === 'raw-socket' ? 'user' : 'kernel',
    route: LOOPBACK,
    open: () => open(name),
    ...(name === 'unprivileged' ? { openWitness: () => open('kernel') } : {}),
    settle: (promise) => promise,
  };
}

/** The portable transport over Linux, used as on systems that write IPv6 headers themselves and hide IPv4's form. */
const LIKE_BSD: Subject = {
  ...real('raw-socket'),
  variant: ' with the ways of the BSDs',
  flowLabel: 0,
  open: () => {
    const system = { ...rawSystem('linux'), headerForm: undefined, ipv6Fields: LINUX_IPV6_FIELDS };
    const { udp: probe } = IP_PROTOCOL;
    return Promise.resolve(new RawTransport(rawOptions({ probeProtocols: [probe] }), system));
  },
};

/** Errors of a kernel that finds no way, and the destination that meets each. */
const REFUSALS = [
  ['ENETUNREACH', 'Network is unreachable', '192.0.2.99'],
  ['EHOSTUNREACH', 'No route to host', '198.51.100.1'],
  ['EACCES', 'Permission denied', '198.51.100.2'],
  ['EPERM', 'Operation not permitted', '203.0.113.5'],
  ['ENETUNREACH', 'Network is unreachable', '2001:db8:9::9'],
  ['EHOSTUNREACH', 'No route to host', '2001:db8:1::1'],
  ['EACCES', 'Permission denied', '2001:db8:1::2'],
] as const;

const NETWORK = `
link add away type veth peer name far
link set away mtu 1500 up
link set far up
address add 203.0.113.1/24 dev away
address add 2001:db8::1/64 dev away nodad
route add unreachable 198.51.100.1
route add prohibit 198.51.100.2
route add unreachable 2001:db8:1::1
route add prohibit 2001:db8:1::2`;

const FIREWALL = `
table ip refusing {
  chain output {
    type filter hook output priority 0;
    ip daddr 203.0.113.5 drop
  }
}`;

function overTheKernel(name: Name): void {
  describe(`${name} transport, over the kernel`, { timeout: 20_000 }, () => {
    let transport: Transport;
    beforeEach(async () => {
      transport = await open(name);
    });
    afterEach(() => {
      transport.close();
    });

    for (const [code, words, to] of REFUSALS) {
      it(`tells ${code} of a send to ${to}`, () => {
        const from = to.includes(':') ? '2001:db8::1' : '203.0.113.1';
        const result = transport.send(udpTo({ from, to }, 40_000));
        assert.ok(result.status === 'failed' && result.error instanceof TransportError);
        assert.deepEqual([result.error.code, result.error.message], [code, words]);
      });
    }

    for (const [from, to] of [
      ['203.0.113.1', '203.0.113.9'],
      ['2001:db8::1', '2001:db8::9'],
    ] as const) {
      it(`tells EMSGSIZE of what the way to ${to} has no room for and may not be cut`, () => {
        const long = { ...echoRequest({ from, to }, 1, 1600), dontFragment: true };
        const result = transport.send(long);
        assert.ok(result.status === 'failed');
        assert.deepEqual([result.error.code, result.error.message], ['EMSGSIZE', 'Message too long']);
        assert.equal(transport.send({ ...long, dontFragment: false }).status, 'sent');
      });
    }

    for (const family of [4, 6] as const) {
      it(`carries the largest IPv${family} datagrams that loopback takes, whole`, async () => {
        // its MTU is 65,536, and an IPv4 datagram's length has 16 bits
        const length = family === 4 ? 65_535 - 20 - 8 : 65_536 - 40 - 8;
        for (const sequence of [1, 2, 3]) transport.send(echoRequest(LOOPBACK[family], sequence, length));
        const received = await collectReplies(transport, 3);
        assert.deepEqual(echoReplies(received), [1, 2, 3]);
        for (const datagram of received) assert.equal(icmpOf(datagram).body.length, length);
      });

      it(
        `tells the TTL of IPv${family} datagrams as they arrived, where the system does`,
        { skip: BEYOND[name]?.ttl ?? false },
        async () => {
          const { echoReply: type } = family === 4 ? ICMPV4_TYPE : ICMPV6_TYPE;
          const message = { type, code: 0, rest: 7, body: new Uint8Array(4) };
          transport.send(icmpTo(LOOPBACK[family], message, { ttl: 33 }));
          const [reply] = await collectReplies(transport, 1);
          assert.ok(reply);
          if (name === 'kernel') assert.equal(reply.ttl, 33);
          else assert.equal(reply.ttl, undefined);
          if (family === 4) assert.equal(decodeIpv4(reply.octets).ttl, 33);
        },
      );
    }

    it(
      'receives no protocol but ICMP unasked, and others when asked',
      { skip: BEYOND[name]?.protocols ?? false },
      async () => {
        const protocol = 253; // RFC 3692: for experiments
        const asked = await openTransport(
          rawOptions({ transport: name === 'unprivileged' ? 'auto' : name, protocols: [protocol] }),
        );
        asked.send(outgoing(LOOPBACK[4], protocol, { payload: Uint8Array.of(1, 2, 3, 4) }));
        asked.send(echoRequest(LOOPBACK[4], 1));
        const heard = (await collectReplies(asked, 1)).filter((datagram) => datagram.protocol === protocol);
        asked.close();
        assert.deepEqual(
          heard.map(({ octets }) => octets.subarray(20)),
          [Uint8Array.of(1, 2, 3, 4)],
        );
        const unasked = await collectReplies(transport, 1);
        assert.deepEqual([...new Set(unasked.map((datagram) => datagram.protocol))], [IP_PROTOCOL.icmp]);
      },
    );

    it(
      'lives through garbage collection that nobody holds it against',
      { skip: BEYOND[name]?.others ?? false },
      async () => {
        setFlagsFromString('--expose-gc');
        const collect = runInNewContext('gc') as () => void; // what the flag defines
        const counts = { replies: 0 };
        const count = 300;
        const hear = (forgotten: Transport, done: () => void): void => {
          forgotten.onReadable(() => {
            counts.replies += echoReplies(forgotten.receive()).length;
            if (counts.replies < count) return;
            forgotten.close();
            done();
          });
        };
        const sendAll = (): void => {
          for (let sent = 0; sent < count; sent++) {
            setImmediate(() => {
              if (sent % 10 === 0) collect();
              transport.send(echoRequest(LOOPBACK[sent % 2 === 0 ? 4 : 6], sent));
            });
          }
        };
        await new Promise<void>((resolve, reject) => {
          void open(name).then((forgotten) => {
            hear(forgotten, resolve);
            sendAll();
          }, reject);
        });
        assert.equal(counts.replies, count);
      },
    );
  });
}

conformance(simulated());

const missing = networkMissing();
describe('transports of the system', { skip: missing ?? false }, () => {
  before(() => {
    enterOwnNetwork();
    mustRun('ip', ['-batch', '-'], NETWORK);
    mustRun('nft', ['-f', '-'], FIREWALL);
    mustRun('sysctl', ['-qw', 'net.ipv4.ping_group_range=0 2147483647']);
  });
  for (const name of ['kernel', 'raw-socket', 'unprivileged'] as const) {
    conformance(real(name));
    overTheKernel(name);
  }
  conformance(LIKE_BSD);
});
