/**
 * What every two columns of a matrix must stand: an answer or a quote of one is never taken for the other's, nor kept from
 * its own. A new type in the registry is tested with all others without a change here.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probeTypes, type ProbeType } from '../../probes/index.ts';
import { classify } from '../../src/engine/classify.ts';
import type { Trace } from '../../src/engine/trace.ts';
import { TraceIndex } from '../../src/engine/trace-index.ts';
import type { Family } from '../../src/model/address.ts';
import type { ReceivedDatagram } from '../../src/ports/transport.ts';
import { arrived, errorAbout, sendProbes, SOURCE, TARGET, traceOf } from '../engine/make-trace.ts';
import type { Datagram } from '../sim/datagram.ts';
import { timeExceeded } from '../sim/icmp-error.ts';
import { answer } from '../sim/path.ts';
import type { HostFormat } from '../sim/path-format.ts';
import { openPath } from '../sim/path-state.ts';
import { seededRandom } from '../sim/random.ts';
import { UNUSED_PROTOCOL } from './probe-flow.ts';

/** One column of a pair. */
interface Side {
  readonly name: string;
  readonly type: ProbeType;
  readonly port: number;
}

/** Ports with a request of their own, one without, and the type's default. */
const PORTS = [53, 123, 161, 443, 3478, 7];
/** A host that answers whatever it knows. */
const TALKATIVE: HostFormat = {
  tcp_default: 'open',
  udp_default: 'echo',
  udplite_default: 'echo',
  sctp: Object.fromEntries([...PORTS, 33434].map((port) => [port, 'open'])),
};
/** What routers quote of a probe's transport header and what follows: RFC 792's 8 octets, and more. */
const QUOTED = [8, 12, 20, 28, 64, Infinity];
/** The distance of the idents of two columns, which each column's probes are fewer than. */
const SPAN = 0x400;

const types: readonly ProbeType[] = probeTypes;
const sides: readonly Side[] = types.flatMap((type) => {
  const ports = type.traits.hasPorts ? [...new Set([type.defaultPort, ...PORTS])] : [type.defaultPort];
  return ports.map((port) => ({
    name: type.traits.hasPorts ? `${type.name}/${port}` : type.name,
    type,
    port,
  }));
});

/** The trace of a column, in a flow that a matrix would give it. */
function columnOf({ type, port }: Side, family: Family, place: number): Trace {
  const random = seededRandom(place + 1);
  return traceOf(type, family, {
    flow: {
      port,
      fixedPort: true,
      paris: type.parisFamilies?.includes(family) ?? false,
      ident: 0x8000 + place * SPAN,
      initialSequence: Math.floor(random() * 2 ** 32),
      protocol: UNUSED_PROTOCOL,
    },
    payload: new Uint8Array(type.traits.matrixPayload ?? 12),
  });
}

/** All that may come back for three probes of a trace, with the sequence that it belongs to. */
function repliesTo(trace: Trace): { sequence: number; datagram: ReceivedDatagram }[] {
  const [src, src6] = [SOURCE[4], SOURCE[6]];
  const dst = { ...TALKATIVE, addr: TARGET[4], addr6: TARGET[6], delay: 1 };
  const path = openPath({ src, src6, hops: [], dst }, seededRandom(1));
  return sendProbes(trace, 3).flatMap((probe, index) => [
    ...answer(path, probe.octets).map(({ octets }) => ({ sequence: index + 1, datagram: arrived(octets) })),
    ...quotesOf(probe).map((datagram) => ({ sequence: index + 1, datagram })),
  ]);
}

function quotesOf(probe: Datagram): ReceivedDatagram[] {
  const lengths = new Set(QUOTED.map((length) => Math.min(length, probe.transport.length)));
  return [...lengths].map((length) => errorAbout(cutTo(probe, length), timeExceeded(probe.family)));
}

/** The datagram as a router quotes it that keeps so many octets behind the IP header. */
function cutTo(probe: Datagram, length: number): Datagram {
  const header = probe.octets.length - probe.transport.length;
  return { ...probe, octets: probe.octets.subarray(0, header + length) };
}

/** The trace and sequence that a datagram is taken for. */
function taken(datagram: ReceivedDatagram, traces: readonly Trace[]): readonly [Trace, number?] | undefined {
  const classified = classify(datagram, new TraceIndex(traces));
  if ('probe' in classified) return [classified.trace, classified.probe.sequence];
  return classified.answer && [classified.answer.trace];
}

for (const family of [4, 6] as const) {
  describe(`two columns over IPv${family}`, () => {
    for (const [at, one] of sides.entries()) {
      it(`are told apart where one is ${one.name}`, () => {
        const mine = columnOf(one, family, 0);
        const replies = repliesTo(mine).map((reply) => ({
          ...reply,
          alone: taken(reply.datagram, [mine]),
        }));
        assert.ok(replies.some(({ alone }) => alone?.[1] !== undefined));
        for (const { alone, sequence } of replies) assert.equal(alone?.[1] ?? sequence, sequence);
        for (const [place, other] of sides.entries()) {
          const theirs = columnOf(other, family, place === at ? 30 : 1 + (place % 29));
          sendProbes(theirs, 3);
          for (const { datagram, alone, sequence } of replies) {
            const what = `${one.name} ${sequence} beside ${other.name}`;
            assert.deepEqual(taken(datagram, [theirs, mine]), alone, what);
            assert.deepEqual(taken(datagram, [mine, theirs]), alone, what);
            assert.equal(taken(datagram, [theirs]), undefined, what);
          }
        }
      });
    }
  });
}
