import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressOf, octetsOf } from '../../src/model/address.ts';
import { equal } from '../../src/wire/bytes.ts';
import { internetChecksum } from '../../src/wire/checksum.ts';
import { splitExtensions } from '../../src/wire/icmp-extension.ts';
import { decodeIcmp } from '../../src/wire/icmpv4.ts';
import { encodeLooseSourceRoute } from '../../src/wire/ipv4-options.ts';
import { decodeLabelStack } from '../../src/wire/mpls.ts';
import { TCP_FLAG } from '../../src/wire/tcp.ts';
import { readDatagram, rewrite, type Datagram } from './datagram.ts';
import { datagramOf, echoProbe, tcpProbe, udpProbe } from './make-probe.ts';
import { answer } from './path.ts';
import type { HopFormat, PathFormat } from './path-format.ts';
import { openPath, type Answer } from './path-state.ts';
import { seededRandom } from './random.ts';
import { checksumIsRight } from './transport-checksum.ts';

const TARGET6 = 'fd99::1';

/** Three hops, the second with the keys under test, and a target with port 80 open. */
function pathWith(second: Partial<HopFormat>, dst: Partial<PathFormat['dst']> = {}): PathFormat {
  return {
    src: '10.0.0.1',
    src6: 'fd00::1',
    hops: [
      { addr: '10.1.0.1', addr6: 'fd01::1', delay: 4 },
      { addr: '10.2.0.1', addr6: 'fd02::1', delay: 8, ...second },
      { addr: '10.3.0.1', addr6: 'fd03::1', delay: 12 },
    ],
    dst: { addr: '10.99.0.1', addr6: TARGET6, delay: 16, tcp: { 80: 'open' }, ...dst },
  };
}

function open(second: Partial<HopFormat> = {}, dst: Partial<PathFormat['dst']> = {}) {
  return openPath(pathWith(second, dst), seededRandom(1));
}

/** A reply with all its checksums checked, and the datagram that it quotes when it is an error. */
interface Read extends Datagram {
  readonly from: string;
  readonly afterMs: number;
  readonly icmp: ReturnType<typeof decodeIcmp>;
  readonly quote: Datagram;
}

function read([first, ...more]: readonly Answer[]): Read {
  assert.ok(first, 'there is an answer');
  assert.equal(more.length, 0);
  const datagram = readDatagram(first.octets);
  assert.notEqual(checksumIsRight(datagram, datagram.protocol, datagram.transport), false);
  if (datagram.family === 4) assert.equal(internetChecksum(first.octets.subarray(0, 20)), 0);
  const icmp = decodeIcmp(datagram.transport);
  return {
    ...datagram,
    from: addressOf(datagram.source),
    afterMs: first.afterMs,
    icmp,
    get quote() {
      return readDatagram(icmp.body);
    },
  };
}

function ask(
  octets: Uint8Array,
  second: Partial<HopFormat> = {},
  dst: Partial<PathFormat['dst']> = {},
): Read {
  return read(answer(open(second, dst), octets));
}

function silent(octets: Uint8Array, second: Partial<HopFormat>, dst: Partial<PathFormat['dst']> = {}): void {
  assert.deepEqual(answer(open(second, dst), octets), []);
}

describe('a hop where the TTL ends', () => {
  it('sends time exceeded after its delay, with the TTL that is left of 255', () => {
    const reply = ask(udpProbe({ ttl: 2 }));
    assert.deepEqual(
      [reply.from, addressOf(reply.destination), reply.afterMs, reply.icmp.type, reply.icmp.code, reply.ttl],
      ['10.2.0.1', '10.0.0.1', 8, 11, 0, 254],
    );
  });

  it('quotes the whole datagram with the TTL as it arrived', () => {
    const first = udpProbe({ ttl: 1 });
    assert.deepEqual(ask(first).icmp.body, first);
    const third = udpProbe({ ttl: 3 });
    assert.deepEqual(ask(third).icmp.body, rewrite(readDatagram(third), { ttl: 1 }).octets);
    assert.equal(internetChecksum(ask(third).icmp.body.subarray(0, 20)), 0);
  });

  it('keeps an error within 576 octets, 1280 in IPv6', () => {
    assert.equal(ask(udpProbe({ ttl: 1, length: 1000 })).octets.length, 576);
    assert.equal(ask(udpProbe({ ttl: 1, length: 1400, destination: TARGET6 })).octets.length, 1280);
  });

  it('answers IPv6 from addr6', () => {
    const reply = ask(udpProbe({ ttl: 2, destination: TARGET6 }));
    assert.deepEqual([reply.from, reply.icmp.type, reply.icmp.code, reply.quote.ttl], ['fd02::1', 3, 0, 1]);
  });

  it('code: answers unreachable instead, with pmtu for code 4', () => {
    const { icmp } = ask(udpProbe({ ttl: 2 }), { code: 13 });
    assert.deepEqual([icmp.type, icmp.code, icmp.rest], [3, 13, 0]);
    const needed = ask(udpProbe({ ttl: 2 }), { code: 4, pmtu: 1400 }).icmp;
    assert.deepEqual([needed.type, needed.code, needed.rest], [3, 4, 1400]);
    const six = ask(udpProbe({ ttl: 2, destination: TARGET6 }), { code: 1 }).icmp;
    assert.deepEqual([six.type, six.code], [1, 1]);
    assert.equal(ask(udpProbe({ ttl: 3 }), { code: 13 }).icmp.type, 11, 'what passes it passes');
  });

  it('silent: answers nothing, and lets pass', () => {
    silent(udpProbe({ ttl: 2 }), { silent: true });
    assert.equal(ask(udpProbe({ ttl: 3 }), { silent: true }).from, '10.3.0.1');
  });

  it('loss: leaves its share unanswered', () => {
    const state = open({ loss: 0.25 });
    const answered = Array.from({ length: 400 }, () => answer(state, udpProbe({ ttl: 2 })).length);
    const count = answered.filter((length) => length === 1).length;
    assert.ok(count > 260 && count < 340, `${count} of 400`);
  });

  it('jitter: adds 0 up to that much', () => {
    const state = open({ jitter: 10 });
    const delays = Array.from({ length: 100 }, () => read(answer(state, udpProbe({ ttl: 2 }))).afterMs);
    assert.ok(delays.every((delay) => delay >= 8 && delay < 18));
    assert.ok(Math.max(...delays) - Math.min(...delays) > 5);
  });

  it('mpls: appends the label stack after 128 octets of quote', () => {
    const labels = [
      [16002, 3, 0, 1],
      [299, 0, 1, 2],
    ] as const;
    for (const [destination, quoteLength] of [
      ['10.99.0.1', 32 << 16],
      [TARGET6, (16 << 24) >>> 0],
    ] as const) {
      const { icmp } = ask(udpProbe({ ttl: 2, destination }), { mpls: labels });
      assert.equal(icmp.rest, quoteLength);
      const { extensions } = splitExtensions(icmp.body, 128);
      assert.deepEqual(decodeLabelStack(extensions), [
        { label: 16002, trafficClass: 3, bottomOfStack: false, ttl: 1 },
        { label: 299, trafficClass: 0, bottomOfStack: true, ttl: 2 },
      ]);
    }
  });
});

describe('a hop with several addresses', () => {
  const addr = ['10.2.0.1', '10.2.0.2', '10.2.0.3'];
  const answering = (ecmp: HopFormat['ecmp'], port: (index: number) => number) => {
    const state = open({ addr, ...(ecmp && { ecmp }) });
    return Array.from(
      { length: 30 },
      (_, index) => read(answer(state, udpProbe({ ttl: 2, port: port(index) }))).from,
    );
  };

  it('roundrobin: takes turns', () => {
    assert.deepEqual(answering('roundrobin', () => 33435).slice(0, 4), [...addr, '10.2.0.1']);
  });

  it('packet: picks at random within a flow', () => {
    assert.deepEqual(new Set(answering('packet', () => 33435)), new Set(addr));
  });

  it('flow: keeps a flow together and spreads flows', () => {
    assert.equal(new Set(answering('flow', () => 33435)).size, 1);
    assert.deepEqual(new Set(answering(undefined, (index) => 33435 + index)), new Set(addr));
  });
});

describe('what passes a hop', () => {
  it('mtu: must fit when it may not be fragmented', () => {
    const reply = ask(udpProbe({ ttl: 3, length: 1200, dontFragment: true }), { mtu: 1200 });
    assert.deepEqual([reply.from, reply.icmp.code, reply.icmp.rest], ['10.2.0.1', 4, 1200]);
    assert.equal(ask(udpProbe({ ttl: 3, length: 1200 }), { mtu: 1200 }).from, '10.3.0.1');
    assert.equal(ask(udpProbe({ ttl: 2, length: 1200, dontFragment: true }), { mtu: 1200 }).icmp.type, 11);
    const six = ask(udpProbe({ ttl: 3, length: 1400, destination: TARGET6 }), { mtu: 1280 });
    assert.deepEqual([six.icmp.type, six.icmp.code, six.icmp.rest], [2, 0, 1280]);
  });

  for (const [change, sent, seen] of [
    [{ ecn: 'bleach' }, 0x2d, 0x2c],
    [{ ecn: 'mark' }, 0x2d, 0x2f],
    [{ tos: 0x10 }, 0x2d, 0x10],
    [{ tos: 0x13, ecn: 'bleach' }, 0x2d, 0x10],
  ] as const) {
    it(`${JSON.stringify(change)}: is seen in quotes from this hop on`, () => {
      for (const destination of ['10.99.0.1', TARGET6]) {
        const quoted = [1, 2, 3, 4].map(
          (ttl) => ask(udpProbe({ ttl, tos: sent, destination }), change).quote.tos,
        );
        assert.deepEqual(quoted, [sent, seen, seen, seen]);
      }
    });
  }

  it('dnat: is seen in quotes from this hop on, checksums right, and undone in replies', () => {
    const dnat = '192.168.7.7:8080';
    const quotes = [1, 2, 3].map((ttl) => ask(tcpProbe({ ttl }), { dnat }).quote);
    assert.deepEqual(
      quotes.map(({ destination }) => addressOf(destination)),
      ['10.99.0.1', '192.168.7.7', '192.168.7.7'],
    );
    for (const quote of quotes) assert.equal(checksumIsRight(quote, quote.protocol, quote.transport), true);
    const reply = ask(tcpProbe({ ttl: 4 }), { dnat }, { tcp: { 8080: 'open' } });
    assert.deepEqual([reply.from, reply.transport[13]], ['10.99.0.1', TCP_FLAG.syn | TCP_FLAG.ack]);
    assert.equal(new DataView(reply.transport.slice().buffer).getUint16(0), 80);
    const six = ask(udpProbe({ ttl: 3, destination: TARGET6 }), { dnat: '[fd77::7]:53' });
    assert.equal(addressOf(six.quote.destination), 'fd77::7');
  });

  for (const [matcher, stopped, passing] of [
    ['udp', udpProbe({ ttl: 4 }), tcpProbe({ ttl: 4 })],
    ['tcp', tcpProbe({ ttl: 4 }), udpProbe({ ttl: 4 })],
    ['icmp', echoProbe({ ttl: 4 }), udpProbe({ ttl: 4 })],
    ['icmp', echoProbe({ ttl: 4, destination: TARGET6 }), udpProbe({ ttl: 4, destination: TARGET6 })],
    ['gre', datagramOf(47, new Uint8Array(8), { ttl: 4 }), datagramOf(50, new Uint8Array(8), { ttl: 4 })],
    [
      'proto:50',
      datagramOf(50, new Uint8Array(8), { ttl: 4 }),
      datagramOf(47, new Uint8Array(8), { ttl: 4 }),
    ],
    ['tcp:80', tcpProbe({ ttl: 4 }), tcpProbe({ ttl: 4, port: 443 })],
    ['syn', tcpProbe({ ttl: 4 }), tcpProbe({ ttl: 4, flags: TCP_FLAG.ack })],
    ['ack', tcpProbe({ ttl: 4, flags: TCP_FLAG.ack }), tcpProbe({ ttl: 4 })],
  ] as const) {
    it(`drop and reject ${matcher}: stop it and nothing else`, () => {
      const isSix = readDatagram(stopped).family === 6;
      silent(stopped, { drop: matcher });
      silent(stopped, { drop: ['proto:250', matcher] });
      const { from, icmp } = ask(stopped, { reject: { [matcher]: 9 } });
      assert.deepEqual([from, icmp.type, icmp.code], isSix ? ['fd02::1', 1, 9] : ['10.2.0.1', 3, 9]);
      const target = isSix ? TARGET6 : '10.99.0.1';
      assert.equal(ask(passing, { drop: matcher, reject: { [matcher]: 9 } }).from, target);
    });
  }

  it('drop: does not keep the hop itself from time exceeded', () => {
    assert.equal(ask(udpProbe({ ttl: 2 }), { drop: 'udp' }).icmp.type, 11);
  });

  it('reject rst: resets in the name of the target', () => {
    const reply = ask(tcpProbe({ ttl: 4 }), { reject: { tcp: 'rst' } });
    assert.deepEqual(
      [reply.from, reply.afterMs, reply.transport[13]],
      ['10.99.0.1', 8, TCP_FLAG.rst | TCP_FLAG.ack],
    );
  });

  it('refuses a matcher that it does not know', () => {
    assert.throws(() => ask(udpProbe({ ttl: 4 }), { drop: 'quic' }), /unknown matcher in a path: quic/);
  });

  it('follows a loose source route through a hop that is its gateway', () => {
    const options = encodeLooseSourceRoute([octetsOf('10.99.0.1')]);
    const via = { destination: '10.2.0.1', options };
    const [one, two, three] = [1, 2, 3].map((ttl) => ask(udpProbe({ ttl, ...via })));
    assert.deepEqual(
      [one, two, three].map((reply) => reply?.from),
      ['10.1.0.1', '10.2.0.1', '10.3.0.1'],
    );
    assert.equal(addressOf(one?.quote.destination ?? options), '10.2.0.1');
    assert.equal(addressOf(three?.quote.destination ?? options), '10.99.0.1');
    assert.ok(three && equal(three.quote.options.subarray(4), octetsOf('10.2.0.1')), 'the route is recorded');
    const end = ask(udpProbe({ ttl: 4, ...via }));
    assert.deepEqual([end.from, end.icmp.type, end.icmp.code], ['10.99.0.1', 3, 3]);
  });

  it('ends at a hop that it is addressed to', () => {
    const reply = ask(echoProbe({ ttl: 9, destination: '10.2.0.1' }));
    assert.deepEqual([reply.from, reply.icmp.type, reply.afterMs], ['10.2.0.1', 0, 8]);
  });
});

describe("the tracer's own kernel", () => {
  it('gets no answer to the RST that it sends', () => {
    silent(tcpProbe({ ttl: 64, flags: TCP_FLAG.rst }), {});
  });
});
