import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { gre } from '../../probes/gre.ts';
import { icmpEcho } from '../../probes/icmp-echo.ts';
import { probeTypes } from '../../probes/index.ts';
import { sctp } from '../../probes/sctp.ts';
import { tcp } from '../../probes/tcp.ts';
import { udp } from '../../probes/udp.ts';
import { udplite } from '../../probes/udplite.ts';
import { classify, type Classified } from '../../src/engine/classify.ts';
import type { ProbeType } from '../../src/engine/probe-type.ts';
import type { ReceivedDatagram } from '../../src/ports/transport.ts';
import type { Trace } from '../../src/engine/trace.ts';
import { TraceIndex } from '../../src/engine/trace-index.ts';
import { octetsOf } from '../../src/model/address.ts';
import { identificationOf } from '../../src/model/flow.ts';
import type { Reply } from '../../src/model/reply.ts';
import { cutQuotes, resummed } from '../sim/faults.ts';
import { rewrite, type Datagram } from '../sim/datagram.ts';
import { answerOfHost } from '../sim/host.ts';
import {
  portUnreachable,
  protocolUnreachable,
  timeExceeded,
  tooBig,
  unreachable,
} from '../sim/icmp-error.ts';
import { withDestination } from '../sim/rewriting.ts';
import { octets, uint16, uint8 } from '../wire/codec-checks.ts';
import { arrived, errorAbout, OTHER, ROUTER, sendProbes, SOURCE, TARGET, traceOf } from './make-trace.ts';

const FAMILIES = [4, 6] as const;
/**
 * Their first 8 octets have one number alone that a stranger does not know. Over IPv6, which has no identification, that is no
 * proof; but there a router quotes as much as fits: RFC 4443 section 2.4.
 */
const PROVES_LATE: readonly ProbeType[] = [gre, sctp, udplite];

function ours(
  datagram: ReceivedDatagram,
  ...traces: readonly Trace[]
): Classified & { readonly reply: Reply } {
  const classified = classify(datagram, new TraceIndex(traces));
  assert.ok('reply' in classified, 'foreign' in classified ? (classified.foreign.detail ?? 'foreign') : '');
  return classified;
}

function reasonOf(datagram: ReceivedDatagram, ...traces: readonly Trace[]): string {
  const classified = classify(datagram, new TraceIndex(traces));
  return 'foreign' in classified ? classified.foreign.reason : 'ours';
}

/** The probe of this sequence among those sent. */
function nth(probes: readonly Datagram[], sequence: number): Datagram {
  const probe = probes[sequence - 1];
  assert.ok(probe);
  return probe;
}

/** The datagrams that the target sends back to a probe. */
function answerTo(probe: Datagram, tcpState: 'open' | 'closed' = 'open'): ReceivedDatagram {
  const host = {
    tcp_default: tcpState,
    udp_default: 'echo',
    sctp: { 33435: 'open', 33436: 'open' },
  } as const;
  const [octetsBack] = answerOfHost({ host, arrived: probe, addressed: probe, replyTtl: 60 });
  assert.ok(octetsBack);
  return arrived(octetsBack);
}

for (const family of FAMILIES) {
  describe(`a reply over IPv${family}`, () => {
    for (const [what, kind, expected] of [
      ['time exceeded', timeExceeded(family), { type: 'time-exceeded' }],
      ['host unreachable', unreachable(family, 1), { type: 'unreachable', code: 1 }],
      ['an unknown code', unreachable(family, 200), { type: 'unreachable', code: 200 }],
      ['port unreachable', portUnreachable(family), { type: 'unreachable', code: family === 4 ? 3 : 4 }],
      [
        'protocol unreachable',
        protocolUnreachable(family),
        family === 4 ? { type: 'unreachable', code: 2 } : { type: 'parameter-problem', code: 1 },
      ],
      [
        'too big for a link',
        tooBig(family, 1400),
        family === 4
          ? { type: 'unreachable', code: 4, nextHopMtu: 1400 }
          : { type: 'too-big', nextHopMtu: 1400 },
      ],
      [
        'too big, with an MTU that looks like a length of a quote',
        tooBig(family, family === 4 ? 65535 : 0xff00_0500),
        family === 4
          ? { type: 'unreachable', code: 4, nextHopMtu: 65535 }
          : { type: 'too-big', nextHopMtu: 0xff00_0500 },
      ],
    ] as const) {
      it(`is read: ${what}`, () => {
        const trace = traceOf(udp, family);
        const probe = nth(sendProbes(trace), 3);
        const { reply } = ours(errorAbout(probe, kind), trace);
        assert.deepEqual(reply.kind, expected);
      });
    }

    it('has what the network told', () => {
      const trace = traceOf(udp, family, { tos: 0x2e });
      const probe = nth(sendProbes(trace), 4);
      const found = ours(errorAbout(rewrite(probe, { tos: 0x03, ttl: 1 }), timeExceeded(family)), trace);
      assert.ok('probe' in found && found.trace === trace);
      assert.deepEqual(found.probe, { ttl: 2, attempt: 0, sequence: 4 });
      const { kind, quote, octets, ...facts } = found.reply;
      assert.deepEqual(octets.subarray(octets.length - facts.length).length, 8 + probe.octets.length);
      assert.deepEqual(kind, { type: 'time-exceeded' });
      assert.deepEqual({ tos: quote?.tos, ttl: quote?.ttl }, { tos: 0x03, ttl: 1 });
      assert.deepEqual(facts, {
        responder: ROUTER[family],
        receivedBy: family === 4 ? SOURCE[4] : undefined,
        ttl: 250,
        length: 8 + probe.octets.length,
        hasHeader: family === 4,
        translation: undefined,
        mpls: [],
        extensions: [],
        atMs: 10,
        precision: 'user',
      });
    });

    it('has the label stack, and the quote without it', () => {
      const trace = traceOf(udp, family);
      const probe = nth(sendProbes(trace), 1);
      const labels = [
        [24015, 5, 0, 1],
        [16, 0, 1, 254],
      ] as const;
      const { reply } = ours(errorAbout(probe, timeExceeded(family), { labels }), trace);
      assert.deepEqual(reply.mpls, [
        { label: 24015, trafficClass: 5, bottomOfStack: false, ttl: 1 },
        { label: 16, trafficClass: 0, bottomOfStack: true, ttl: 254 },
      ]);
      assert.equal(reply.quote?.octets.length, 128);
    });

    for (const type of probeTypes) {
      const length = family === 6 && PROVES_LATE.includes(type) ? 16 : 8;
      it(`is known from ${length} octets of ${type.name}`, () => {
        const trace = traceOf(type, family);
        const probes = sendProbes(trace);
        for (const [index, probe] of probes.entries()) {
          const [cut] = cutQuotes(length)(errorAbout(probe, timeExceeded(family)));
          assert.ok(cut);
          const found = ours(cut.datagram, trace);
          assert.equal('probe' in found && found.probe.sequence, index + 1);
        }
      });
    }

    for (const type of [icmpEcho, tcp, udp] as const) {
      it(`may be the target's own, to ${type.name}`, () => {
        const trace = traceOf(type, family);
        const probe = nth(sendProbes(trace), 2);
        const found = ours(answerTo(probe), trace);
        assert.equal(found.reply.kind.type, 'answer');
        assert.equal('probe' in found && found.probe.sequence, 2);
        assert.equal(found.reply.responder, TARGET[family]);
        assert.equal(found.reply.ttl, 60);
      });
    }

    it('may show the state of a TCP port', () => {
      const trace = traceOf(tcp, family);
      const [first, second] = sendProbes(trace);
      assert.ok(first && second);
      const kindOf = (datagram: ReceivedDatagram) => ours(datagram, trace).reply.kind;
      assert.deepEqual(kindOf(answerTo(first)), { type: 'answer', tcp: { state: 'open', ecn: false } });
      assert.deepEqual(kindOf(answerTo(second, 'closed')), { type: 'answer', tcp: { state: 'closed' } });
    });
  });

  describe(`a quote over IPv${family} that is not ours`, () => {
    const stranger = traceOf(udp, family, { flow: { ident: 0x4321 } });
    for (const [what, probe] of [
      ['of another ident', nth(sendProbes(stranger), 1)],
      ['of a probe that was not sent', nth(sendProbes(traceOf(udp, family), 9), 9)],
      ['of another protocol', nth(sendProbes(traceOf(tcp, family)), 1)],
      [
        'from another source and of another ident',
        rewrite(nth(sendProbes(stranger), 1), { source: octetsOf(OTHER[family]) }),
      ],
      [
        'of another ident to another target',
        nth(sendProbes(traceOf(udp, family, { target: OTHER[family], flow: { ident: 0x4321 } })), 1),
      ],
    ] as const) {
      it(`is foreign: ${what}`, () => {
        const trace = traceOf(udp, family);
        sendProbes(trace, 6);
        assert.equal(reasonOf(errorAbout(probe, timeExceeded(family)), trace), 'not ours');
      });
    }

    for (const [what, type, code] of [
      ['reassembly time exceeded', family === 4 ? 11 : 3, 1],
      ['redirect', family === 4 ? 5 : 137, 0],
      ['source quench or the like', family === 4 ? 4 : 100, 0],
    ] as const) {
      it(`is no reply by its type: ${what}`, () => {
        const trace = traceOf(udp, family);
        const probe = nth(sendProbes(trace), 1);
        const classified = classify(errorAbout(probe, { type, code, rest: 0 }), new TraceIndex([trace]));
        assert.ok('foreign' in classified);
        assert.equal(classified.foreign.reason, 'not ours');
        assert.deepEqual(classified.foreign.icmp, { type, code });
        assert.equal(classified.foreign.source, ROUTER[family]);
      });
    }

    it('is malformed when cut before the transport header tells', () => {
      const trace = traceOf(udp, family);
      const datagram = errorAbout(nth(sendProbes(trace), 1), timeExceeded(family));
      const quote = (family === 4 ? 20 : 0) + 8;
      for (let length = quote; length < quote + (family === 4 ? 20 : 40) + 8; length++) {
        const cut = { ...datagram, octets: datagram.octets.slice(0, length) };
        const classified = classify(resummed(cut), new TraceIndex([trace]));
        assert.ok('foreign' in classified && classified.foreign.reason === 'malformed', `${length} octets`);
        assert.match(classified.foreign.detail ?? '', /truncated/);
        const { type, code } = timeExceeded(family);
        assert.deepEqual(classified.foreign.icmp, { type, code });
      }
    });
  });

  describe(`a translated destination over IPv${family}`, () => {
    for (const [what, type, flow, address, port, expected] of [
      ['address', udp, {}, OTHER[family], undefined, { address: OTHER[family] }],
      [
        'port',
        tcp,
        { port: 80, fixedPort: true },
        TARGET[family],
        8080,
        { address: TARGET[family], port: 8080 },
      ],
      [
        'address and port',
        tcp,
        { port: 80, fixedPort: true },
        OTHER[family],
        8080,
        { address: OTHER[family], port: 8080 },
      ],
      [
        'fixed port of UDP',
        udp,
        { port: 53, fixedPort: true },
        OTHER[family],
        5353,
        { address: OTHER[family], port: 5353 },
      ],
    ] as const) {
      it(`is told: ${what}`, () => {
        const trace = traceOf(type, family, { flow });
        const probe = withDestination(nth(sendProbes(trace), 2), octetsOf(address), port);
        const found = ours(errorAbout(probe, timeExceeded(family)), trace);
        assert.equal('probe' in found && found.probe.sequence, 2);
        assert.deepEqual(found.reply.translation, expected);
      });

      it(`is foreign where that is asked for: ${what}`, () => {
        const trace = traceOf(type, family, { flow, translation: 'ignore' });
        const probe = withDestination(nth(sendProbes(trace), 2), octetsOf(address), port);
        assert.equal(reasonOf(errorAbout(probe, timeExceeded(family)), trace), 'translated');
      });
    }

    it('is none where nothing was translated', () => {
      const trace = traceOf(udp, family, { translation: 'ignore' });
      const { reply } = ours(errorAbout(nth(sendProbes(trace), 2), timeExceeded(family)), trace);
      assert.equal(reply.translation, undefined);
    });

    it('does not make a probe of one trace that of another', () => {
      // the source ports of a fixed port run over the ident of the one that counts in the destination port
      const counting = traceOf(udp, family, { flow: { ident: 40003 } });
      const fixed = traceOf(udp, family, { flow: { ident: 40000, port: 53, fixedPort: true } });
      const probes = sendProbes(counting);
      sendProbes(fixed);
      for (const traces of [
        [fixed, counting],
        [counting, fixed],
      ]) {
        const found = ours(errorAbout(nth(probes, 3), timeExceeded(family)), ...traces);
        assert.ok('trace' in found && found.trace === counting);
      }
    });
  });

  describe(`several traces over IPv${family}`, () => {
    it("to one target never take each other's replies", () => {
      const traces = probeTypes.flatMap((type) => [
        traceOf(type, family, { flow: { ident: 20000, protocol: 253 } }),
        traceOf(type, family, {
          flow: { ident: 30000, protocol: 253, initialSequence: 0x8000_0000, firstIdentification: 0x8000 },
        }),
      ]);
      const index = new TraceIndex(traces);
      const sent = traces.flatMap((trace) => sendProbes(trace).map((probe, at) => ({ trace, probe, at })));
      for (const { trace, probe, at } of sent) {
        const found = classify(errorAbout(probe, timeExceeded(family)), index);
        assert.ok('trace' in found && found.trace === trace);
        assert.equal(found.probe.sequence, at + 1);
      }
    });

    it('of one ident to several targets are told apart by the target', () => {
      const traces = [TARGET, OTHER].map((target) => traceOf(udp, family, { target: target[family] }));
      for (const trace of traces) {
        for (const probe of sendProbes(trace)) {
          const found = ours(errorAbout(probe, timeExceeded(family)), ...traces);
          assert.ok('trace' in found && found.trace === trace);
          assert.equal(found.reply.translation, undefined);
        }
      }
    });

    it('of one type take each its own direct answers', () => {
      const traces = [20000, 30000].map((ident) => traceOf(tcp, family, { flow: { ident } }));
      for (const trace of traces) {
        for (const probe of sendProbes(trace)) {
          const found = ours(answerTo(probe), ...traces);
          assert.ok('trace' in found && found.trace === trace);
        }
      }
    });

    it('leave answers of another host alone', () => {
      const trace = traceOf(tcp, family);
      const probe = nth(sendProbes(trace), 1);
      const answer = { ...answerTo(probe), source: OTHER[family] };
      assert.equal(reasonOf(answer, trace), 'not ours');
    });
  });
}

describe('a link-local target', () => {
  it('is known without its zone', () => {
    const trace = traceOf(icmpEcho, 6, { target: 'fe80::9%eth0' });
    const probe = nth(sendProbes(trace), 1);
    assert.equal(ours(answerTo(probe), trace).reply.responder, 'fe80::9');
    const { reply } = ours(errorAbout(probe, timeExceeded(6)), trace);
    assert.equal(reply.translation, undefined);
  });
});

describe('a loose source route', () => {
  it('has quotes to its gateways and its target, none of them translated', () => {
    const gateways = ['192.0.2.11', '192.0.2.12'];
    const trace = traceOf(udp, 4, { gateways });
    const probe = nth(sendProbes(trace), 1);
    assert.deepEqual(probe.destination, octetsOf('192.0.2.11'));
    for (const address of [...gateways, TARGET[4]]) {
      const passing = rewrite(probe, { destination: octetsOf(address) });
      const { reply } = ours(errorAbout(passing, timeExceeded(4)), trace);
      assert.equal(reply.translation, undefined);
    }
  });
});

describe('a translated quote of IPv4', () => {
  const trace = traceOf(udp, 4, {
    flow: { ident: 0xfffe, port: 53, fixedPort: true, firstIdentification: 0xfffd },
  });
  const probe = withDestination(nth(sendProbes(trace), 4), octetsOf(OTHER[4]), 53);
  /** The error about the probe with another identification. */
  function withIdentification(identification: number): ReceivedDatagram {
    const octetsSent = probe.octets.slice();
    new DataView(octetsSent.buffer).setUint16(4, identification);
    return errorAbout({ ...probe, octets: octetsSent }, timeExceeded(4));
  }

  it('has the identification of its probe, over the end of 16 bits', () => {
    assert.equal(reasonOf(withIdentification(identificationOf(trace.spec.flow, 4)), trace), 'ours');
  });

  // a name query of ours may come from the port of a probe
  for (const [what, identification] of [
    ['of another probe', identificationOf(trace.spec.flow, 1)],
    ['of none', 0x1234],
  ] as const) {
    it(`is foreign with the identification ${what}`, () => {
      assert.equal(reasonOf(withIdentification(identification), trace), 'not ours');
    });
  }
});

describe('arbitrary datagrams', () => {
  for (const family of FAMILIES) {
    it(`are foreign and never throw, IPv${family}`, () => {
      const traces = probeTypes.map((type) => traceOf(type, family));
      for (const trace of traces) sendProbes(trace);
      const index = new TraceIndex(traces);
      const protocols = fc.constantFrom(1, 6, 17, 47, 58, 132, 136, 253);
      fc.assert(
        fc.property(protocols, octets(160), fc.boolean(), (protocol, noise, hasHeader) => {
          const source = TARGET[family];
          const facts = {
            family,
            protocol,
            source,
            octets: noise,
            hasHeader,
            atMs: 1,
            precision: 'user',
          } as const;
          assert.ok('foreign' in classify(facts, index));
        }),
        { numRuns: 500 },
      );
    });

    it(`that were replies are read or refused when changed and cut, IPv${family}`, () => {
      const traces = probeTypes.map((type) => traceOf(type, family));
      const index = new TraceIndex(traces);
      const sent = traces.flatMap((trace) => sendProbes(trace, 2));
      const valid = [
        ...sent.map((probe) => errorAbout(probe, timeExceeded(family), { labels: [[1, 2, 1, 3]] })),
        ...sent.filter(({ protocol }) => protocol === 6).map((probe) => answerTo(probe)),
      ];
      const changes = fc.array(fc.tuple(uint16, uint8), { maxLength: 4 });
      fc.assert(
        fc.property(fc.constantFrom(...valid), changes, uint16, (datagram, changed, end) => {
          const noise = datagram.octets.slice();
          for (const [at, octet] of changed) noise[at % noise.length] = octet;
          const cut = noise.subarray(0, end % (noise.length + 1));
          const before = cut.slice();
          const classified = classify({ ...datagram, octets: cut }, index);
          if ('probe' in classified) assert.ok([1, 2].includes(classified.probe.sequence));
          else assert.ok(classified.foreign.octets.length <= cut.length);
          assert.deepEqual(cut, before);
        }),
        { numRuns: 500 },
      );
    });
  }
});
