/** `classify` over running traces of every probe type: it never throws, and what it accepts is of a probe that was sent. */
import assert from 'node:assert/strict';
import { probeTypes } from '../../../probes/index.ts';
import { classify } from '../../../src/engine/classify.ts';
import type { ReceivedDatagram } from '../../../src/ports/transport.ts';
import type { Trace } from '../../../src/engine/trace.ts';
import { TraceIndex } from '../../../src/engine/trace-index.ts';
import type { Family } from '../../../src/model/address.ts';
import type { Outcome } from '../../../src/model/outcome.ts';
import { bsdRenderer } from '../../../src/render/bsd.ts';
import { jsonRenderer } from '../../../src/formats/trace-json.ts';
import { tcptracerouteRenderer } from '../../../src/render/tcptraceroute.ts';
import type { Renderer, TraceFacts } from '../../../src/render/renderer.ts';
import { setUint16 } from '../../../src/wire/bytes.ts';
import { internetChecksum } from '../../../src/wire/checksum.ts';
import { ICMP_CHECKSUM_OFFSET } from '../../../src/wire/icmpv4.ts';
import { ICMP_PROTOCOL } from '../../../src/wire/codes.ts';
import { requestedPlan } from '../plan.ts';
import type { Datagram } from '../../sim/datagram.ts';
import { portUnreachable, timeExceeded, tooBig } from '../../sim/icmp-error.ts';
import { embedded } from '../../support/hex.ts';
import { errorAbout, ROUTER, sendProbes, SOURCE, TARGET, traceOf } from '../../engine/make-trace.ts';
import { assertPrintable, type Target } from '../target.ts';

const FAMILIES = [4, 6] as const;
/** Octets of the largest datagram whose text is made too: of larger ones -v shows one in some seconds. */
const LARGEST_SHOWN = 4096;
const PROBES = 6;

interface Running {
  readonly trace: Trace;
  readonly sent: readonly Datagram[];
}

/** All types over both families, one trace each. Their idents lie apart, as the engine has it. */
const running: readonly Running[] = FAMILIES.flatMap((family) =>
  probeTypes.map((type, index) => {
    const trace = traceOf(type, family, { flow: { ident: 0x4000 + 0x100 * index } });
    return { trace, sent: sendProbes(trace, PROBES) };
  }),
);
const index = new TraceIndex(running.map(({ trace }) => trace));

/** The protocols of arrivals, by the input's first octet. */
const PROTOCOLS: Readonly<Record<Family, readonly number[]>> = { 4: protocolsOf(4), 6: protocolsOf(6) };

function protocolsOf(family: Family): number[] {
  const own = running.filter(({ trace }) => trace.family === family).map(({ trace }) => trace.protocol);
  return [...new Set([ICMP_PROTOCOL[family], ...own])];
}

/** The input's first octet: the family, whether the target sends it, whether its ICMP checksum is mended, the protocol. */
const BIT = { six: 0x80, fromTarget: 0x40, mend: 0x20, protocol: 0x1f } as const;

function arrival(input: Uint8Array): ReceivedDatagram {
  const head = input[0] ?? 0;
  const family = head & BIT.six ? 6 : 4;
  const protocols = PROTOCOLS[family];
  const protocol = protocols[(head & BIT.protocol) % protocols.length] ?? 0;
  const octets = embedded(input.subarray(1));
  if (head & BIT.mend && family === 4) mend(octets);
  const source = head & BIT.fromTarget ? TARGET[family] : ROUTER[family];
  const facts = { family, protocol, source, octets, atMs: 10, precision: 'kernel' } as const;
  return family === 4 ? { ...facts, hasHeader: true } : { ...facts, hasHeader: false, ttl: 60 };
}

/** Gives the ICMP message of an IPv4 datagram its right checksum, which no chance would find. */
function mend(octets: Uint8Array): void {
  const message = octets.subarray(((octets[0] ?? 0) & 0x0f) * 4);
  if (message.length < ICMP_CHECKSUM_OFFSET + 2) return;
  setUint16(message, ICMP_CHECKSUM_OFFSET, 0);
  setUint16(message, ICMP_CHECKSUM_OFFSET, internetChecksum(message));
}

function seedOf(
  family: Family,
  octets: Uint8Array,
  protocol: number = ICMP_PROTOCOL[family],
  from = 0,
): Uint8Array {
  const head = (family === 6 ? BIT.six : 0) | BIT.mend | from | PROTOCOLS[family].indexOf(protocol);
  return Uint8Array.of(head, ...octets);
}

const seeds = running.flatMap(({ trace: { family }, sent: [probe] }) => {
  assert.ok(probe);
  const kinds = [timeExceeded(family), portUnreachable(family), tooBig(family, 1280)];
  const labels = [[16_004, 0, 1, 1]] as const;
  return kinds.map((kind) => seedOf(family, errorAbout(probe, kind, { labels }).octets));
});
/** Probes that come back turned round, which some answers look like. */
const answers = running.flatMap(({ trace, sent: [probe] }) => {
  assert.ok(probe);
  const { family, protocol } = trace;
  const octets = probe.octets.slice();
  const [at, length] = family === 4 ? [12, 4] : [8, 16];
  octets.copyWithin(at, at + length, at + 2 * length);
  return [seedOf(family, family === 4 ? octets : probe.transport, protocol, BIT.fromTarget)];
});

const plan = requestedPlan();
const facts = (family: Family): TraceFacts => ({
  ...{
    program: 'traceroute',
    family,
    host: TARGET[family],
    typedHost: TARGET[family],
    target: TARGET[family],
  },
  ...{
    source: SOURCE[family],
    device: 'eth0',
    port: 33_434,
    firstTtl: 1,
    maxTtl: 30,
    attempts: 3,
    length: 40,
  },
  ...{ lengthGiven: false, fieldKey: 'sprtdprtln  sum ', probe: 'udp', transport: 'kernel' },
});

function renderersOf(family: Family): readonly Renderer[] {
  const display = { ...plan.display, verbosity: 2, octets: true, loss: true, ecn: true };
  return [
    bsdRenderer(facts(family), { ...plan, display, extensions: true }),
    tcptracerouteRenderer(facts(family), plan),
    jsonRenderer(facts(family), 'bsd'),
  ];
}

export const classifying: Target = {
  name: 'classify',
  seeds: [...seeds, ...answers],
  words: running.map(({ sent }) => sent[1]?.octets ?? new Uint8Array(0)),
  largest: 65_535,
  run: (input) => {
    const datagram = arrival(input);
    const classified = classify(datagram, index);
    const renderers = input.length > LARGEST_SHOWN ? [] : renderersOf(datagram.family);
    if ('foreign' in classified) {
      for (const renderer of renderers) assertShown(renderer.foreign(classified.foreign));
      return;
    }
    const { trace, probe, reply } = classified;
    assert.ok(running.some((each) => each.trace === trace));
    assert.ok(probe.sequence >= 1 && probe.sequence <= PROBES, `probe ${probe.sequence} was never sent`);
    assert.equal(trace.scheduler.probe(probe.sequence), probe);
    assert.equal(trace.family, datagram.family);
    const outcome: Outcome = { status: 'replied', probe, reply, rttMs: 1, reach: 'transit' };
    const sent = (): Uint8Array => running.find((each) => each.trace === trace)?.sent[0]?.octets ?? input;
    for (const renderer of renderers) {
      assertShown(renderer.outcome(outcome, {}, sent));
      assertShown(renderer.end('max-ttl'));
    }
  },
};

/** Tabs too: the original has them in its dump of octets. */
function assertShown({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): void {
  assertPrintable(stdout.replaceAll('\t', ' '));
  assertPrintable(stderr);
}
