/** Covers odd quotes: what still proves that a quote is ours, and what does not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generic } from '../../probes/generic.ts';
import { gre } from '../../probes/gre.ts';
import { icmpEcho } from '../../probes/icmp-echo.ts';
import { probeTypes } from '../../probes/index.ts';
import { sctp } from '../../probes/sctp.ts';
import { tcp } from '../../probes/tcp.ts';
import { udp } from '../../probes/udp.ts';
import { udplite } from '../../probes/udplite.ts';
import { classify } from '../../src/engine/classify.ts';
import type { ProbeType } from '../../src/engine/probe-type.ts';
import type { Trace } from '../../src/engine/trace.ts';
import { TraceIndex } from '../../src/engine/trace-index.ts';
import { octetsOf } from '../../src/model/address.ts';
import type { ReceivedDatagram } from '../../src/ports/transport.ts';
import { setUint16 } from '../../src/wire/bytes.ts';
import { ICMP_PROTOCOL, ICMPV4_TYPE, ICMPV6_TYPE } from '../../src/wire/codes.ts';
import { rewrite, type Datagram } from '../sim/datagram.ts';
import { cutQuotes } from '../sim/faults.ts';
import { timeExceeded } from '../sim/icmp-error.ts';
import { withChecksum } from '../sim/transport-checksum.ts';
import { errorAbout, OTHER, sendProbes, TARGET, traceOf } from './make-trace.ts';

/** The sequence of the probe that an error is about and what its quote has otherwise; undefined when it is not ours. */
function read(datagram: ReceivedDatagram, trace: Trace): unknown {
  const classified = classify(datagram, new TraceIndex([trace]));
  if (!('probe' in classified)) return undefined;
  return [classified.probe.sequence, classified.reply.quote?.differs];
}

function third(trace: Trace): Datagram {
  const probe = sendProbes(trace, 4)[2];
  assert.ok(probe);
  return probe;
}

/** The datagram with other octets from `at` on; lengths and checksums are left. */
function patched(probe: Datagram, at: number, ...octets: readonly number[]): Datagram {
  const copy = probe.octets.slice();
  copy.set(octets, at);
  return { ...probe, octets: copy };
}

for (const family of [4, 6] as const) {
  describe(`a quote over IPv${family} whose source a NAT has not restored`, () => {
    for (const type of probeTypes) {
      it(`is of the ${type.name} probe that has its ident`, () => {
        const trace = traceOf(type, family);
        const probe = rewrite(third(trace), { source: octetsOf(OTHER[family]) });
        assert.deepEqual(read(errorTo(probe, family), trace), [3, ['source']]);
      });
    }
  });
}

/** The error reaches us, whatever source it quotes. */
function errorTo(probe: Datagram, family: 4 | 6): ReceivedDatagram {
  const [home] = sendProbes(traceOf(udp, family), 1);
  assert.ok(home);
  return errorAbout({ ...probe, source: home.source }, timeExceeded(family));
}

describe('a quote over IPv4 whose source and port a NAT has not restored', () => {
  for (const type of probeTypes) {
    const { identOffset } = type;
    if (!identOffset) continue;
    it(`is of the ${type.name} probe that has its identification`, () => {
      const trace = traceOf(type, 4);
      const probe = rewrite(third(trace), { source: octetsOf(OTHER[4]) });
      const quote = patched(probe, 20 + identOffset.probe, 0x07, 0xd1);
      assert.deepEqual(read(errorTo(quote, 4), trace), [3, ['source', 'sourcePort']]);
      const unnamed = patched(quote, 4, 0x00, 0x01);
      assert.equal(read(errorTo(unnamed, 4), trace), undefined);
    });
  }
});

describe('a quote over IPv4 that is odd', () => {
  for (const [what, at, octets] of [
    ['TTL 0', 8, [0]],
    ['TTL 255', 8, [255]],
    ['a wrong header checksum', 10, [0xde, 0xad]],
    ['another TOS', 1, [0xb8]],
    ['a total length of swapped octets', 2, [0x38, 0x00]],
    ['flags of swapped octets', 6, [0x00, 0x40]],
    ['another UDP length, and no checksum', 24, [0x01, 0x00, 0x00, 0x00]],
  ] as const) {
    it(`is ours: ${what}`, () => {
      const trace = traceOf(udp, 4);
      const quote = patched(third(trace), at, ...octets);
      assert.deepEqual(read(errorAbout(quote, timeExceeded(4)), trace), [3, undefined]);
    });
  }

  it('is ours and says so: an identification of zero', () => {
    const trace = traceOf(udp, 4);
    const quote = patched(third(trace), 4, 0, 0);
    assert.deepEqual(read(errorAbout(quote, timeExceeded(4)), trace), [3, ['identification']]);
  });

  it('is ours in a Paris flow: an identification of swapped octets', () => {
    const trace = traceOf(udp, 4, { flow: { paris: true, port: 33434, fixedPort: true } });
    const probe = third(trace);
    const [high = 0, low = 0] = probe.octets.subarray(4, 6);
    const quote = patched(probe, 4, low, high);
    assert.deepEqual(read(errorAbout(quote, timeExceeded(4)), trace), [3, undefined]);
  });

  it('is malformed in a message whose checksum is wrong', () => {
    const trace = traceOf(udp, 4);
    const error = errorAbout(third(trace), timeExceeded(4));
    const octets = error.octets.slice();
    octets[22] = (octets[22] ?? 0) ^ 1;
    const classified = classify({ ...error, octets }, new TraceIndex([trace]));
    assert.ok('foreign' in classified && classified.foreign.reason === 'malformed');
    assert.match(classified.foreign.detail ?? '', /checksum/);
  });
});

describe('a quote whose identification a box has rewritten', () => {
  /** The third probe as 8 octets of it, or all, are quoted with another identification. */
  function rewritten(type: ProbeType, length: number): unknown {
    const trace = traceOf(type, 4);
    const error = errorAbout(patched(third(trace), 4, 0xab, 0xcd), timeExceeded(4));
    const [cut] = cutQuotes(length)(error);
    assert.ok(cut);
    return read(cut.datagram, trace);
  }

  for (const type of probeTypes) {
    it(`is of the ${type.name} probe, and says so, where all of it is quoted`, () => {
      assert.deepEqual(rewritten(type, 1000), [3, ['identification']]);
    });
  }

  for (const type of [udp, icmpEcho, tcp, generic]) {
    it(`is of the ${type.name} probe by 8 octets, whose checksum or number nobody can know`, () => {
      assert.deepEqual(rewritten(type, 8), [3, ['identification']]);
    });
  }

  for (const type of [gre, sctp, udplite]) {
    it(`is nobody's by 8 octets of ${type.name}, which have nothing but the ident`, () => {
      assert.equal(rewritten(type, 8), undefined);
    });
  }
});

describe('8 octets of a quote that a NAT has not restored', () => {
  for (const [type, family, port] of [
    [udp, 4, 2001],
    [udp, 6, undefined],
    [icmpEcho, 6, undefined],
  ] as const) {
    it(`are of the ${type.name} probe of IPv${family} by the checksum that the NAT has written`, () => {
      const trace = traceOf(type, family);
      const sent = third(trace);
      const transport = sent.transport.slice();
      if (port !== undefined) setUint16(transport, 0, port);
      const source = octetsOf(OTHER[family]);
      const summed = withChecksum({ ...sent, source }, sent.protocol, transport);
      const differs = port === undefined ? ['source'] : ['source', 'sourcePort'];
      for (const [octets, isOurs] of [
        [summed, true],
        [summed.with(type === udp ? 6 : 2, 0xff), false],
      ] as const) {
        const [cut] = cutQuotes()(errorTo(rewrite(sent, { source, transport: octets }), family));
        assert.ok(cut);
        assert.deepEqual(read(cut.datagram, trace), isOurs ? [3, differs] : undefined);
      }
    });
  }
});

describe('an SCTP tag of 0', () => {
  for (const paris of [false, true]) {
    it(`is that of an INIT, and of no other packet${paris ? ' of a Paris flow' : ''}`, () => {
      for (const [length, isOurs] of [
        [20, true],
        [8, false],
      ] as const) {
        const trace = traceOf(sctp, 4, { payload: new Uint8Array(length), flow: { paris } });
        const [cut] = cutQuotes()(errorAbout(patched(third(trace), 24, 0, 0, 0, 0), timeExceeded(4)));
        assert.ok(cut);
        assert.equal(read(cut.datagram, trace) !== undefined, isOurs);
      }
    });
  }
});

describe('an echo reply', () => {
  for (const family of [4, 6] as const) {
    it(`counts with the payload of its probe alone, IPv${family}`, () => {
      const payload = Uint8Array.from({ length: 28 }, (_, index) => 7 * index);
      const trace = traceOf(icmpEcho, family, { payload });
      const type = family === 4 ? ICMPV4_TYPE.echoReply : ICMPV6_TYPE.echoReply;
      const message = third(trace).transport.with(0, type);
      const reply = (octets: Uint8Array): ReceivedDatagram => ({
        ...{ family, protocol: ICMP_PROTOCOL[family], source: TARGET[family], octets, hasHeader: false },
        ...{ atMs: 10, precision: 'user' },
      });
      assert.deepEqual(read(reply(message), trace), [3, undefined]);
      assert.equal(read(reply(message.with(14, 1)), trace), undefined);
      assert.equal(read(reply(message.subarray(0, 8)), trace), undefined);
    });
  }
});
