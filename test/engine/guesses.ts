/**
 * Attacks a trace from off its path: by datagrams whose sender knows all of its probes but the numbers that are drawn for the run,
 * and guesses those. Seeded: the same guesses each time.
 */
import assert from 'node:assert/strict';
import { gre } from '../../probes/gre.ts';
import { generic } from '../../probes/generic.ts';
import { icmpEcho } from '../../probes/icmp-echo.ts';
import { sctp } from '../../probes/sctp.ts';
import { tcp } from '../../probes/tcp.ts';
import { udp } from '../../probes/udp.ts';
import { udplite } from '../../probes/udplite.ts';
import { classify } from '../../src/engine/classify.ts';
import { encodeDatagram } from '../../src/engine/encode-datagram.ts';
import type { ProbeType } from '../../src/engine/probe-type.ts';
import type { Trace } from '../../src/engine/trace.ts';
import { TraceIndex } from '../../src/engine/trace-index.ts';
import { octetsOf, type Family } from '../../src/model/address.ts';
import type { Flow } from '../../src/model/flow.ts';
import type { Probe } from '../../src/model/probe.ts';
import type { OutgoingDatagram, ReceivedDatagram } from '../../src/ports/transport.ts';
import { concat } from '../../src/wire/bytes.ts';
import { ICMP_PROTOCOL, TCP_FLAG } from '../../src/wire/codes.ts';
import { decodeTcp, encodeTcp } from '../../src/wire/tcp.ts';
import { seededRandom, type Random } from '../sim/random.ts';
import { planOf } from './drive-scheduler.ts';
import { OTHER, ROUTER, TARGET, traceOf } from './make-trace.ts';

/** Probes in flight, as many as a run has by default. */
const IN_FLIGHT = 48;
/** Octets behind the transport header that are drawn. */
const COOKIE_LENGTH = 8;
/** A whole quote, and one of 8 octets behind the IP header: RFC 792. */
const WHOLE = Infinity;
const LEAST = 8;

/** A kind of trace to attack. */
export interface Victim {
  readonly name: string;
  readonly type: ProbeType;
  readonly family: Family;
  readonly flow?: Partial<Flow>;
  /** Octets behind the transport header. */
  readonly payloadLength: number;
}

/** What is drawn for a run. */
type Numbers = Pick<Flow, 'ident' | 'initialSequence' | 'firstIdentification'> & {
  readonly payload: Uint8Array;
};

/** A way to forge a reply. */
interface Forgery {
  readonly name: string;
  readonly forge: (attack: Attack) => ReceivedDatagram;
}

/** What is sent in one guess: a probe as the attacker believes it to be. */
interface Attack {
  readonly victim: Victim;
  readonly guessed: OutgoingDatagram;
  readonly random: Random;
}

const FIXED = { fixedPort: true, port: 80 } as const;

/** All kinds of traces, over a family. */
export function victimsOver(family: Family): Victim[] {
  return [
    { name: 'udp', type: udp, family, payloadLength: 12 },
    { name: 'udp -e', type: udp, family, payloadLength: 12, flow: FIXED },
    { name: 'udp -x', type: udp, family, payloadLength: 12, flow: { checksums: false } },
    {
      name: 'udp/53 of a matrix',
      type: udp,
      family,
      payloadLength: 0,
      flow: { ...FIXED, port: 53, paris: true },
    },
    {
      name: 'udp of a matrix',
      type: udp,
      family,
      payloadLength: 0,
      flow: { ...FIXED, port: 33434, paris: true },
    },
    { name: 'udplite', type: udplite, family, payloadLength: 12 },
    { name: 'icmp', type: icmpEcho, family, payloadLength: 20 },
    { name: 'tcp', type: tcp, family, payloadLength: 0, flow: FIXED },
    { name: 'tcp, rising ports', type: tcp, family, payloadLength: 0 },
    { name: 'sctp INIT', type: sctp, family, payloadLength: 20 },
    { name: 'sctp SHUTDOWN ACK', type: sctp, family, payloadLength: 8 },
    { name: 'gre', type: gre, family, payloadLength: 12 },
    { name: '89', type: generic, family, payloadLength: 16, flow: { protocol: 89 } },
  ];
}

/** Errors that quote a probe. */
export const QUOTES: readonly Forgery[] = [
  { name: 'whole', forge: quoting(WHOLE) },
  { name: '8 octets', forge: quoting(LEAST) },
  { name: '8 octets, another source', forge: quoting(LEAST, 'source') },
  { name: '8 octets, another destination', forge: quoting(LEAST, 'destination') },
];

/** Answers of the target in the probe's own protocol, by the probe types that know such. */
export const ANSWERS: Readonly<Record<string, readonly Forgery[]>> = {
  icmp: [{ name: 'echo reply', forge: echoReply }],
  tcp: [
    { name: 'SYN-ACK', forge: segment(TCP_FLAG.syn | TCP_FLAG.ack) },
    { name: 'RST-ACK', forge: segment(TCP_FLAG.rst | TCP_FLAG.ack) },
    { name: 'bare RST', forge: segment(TCP_FLAG.rst) },
    { name: 'bare ACK', forge: segment(TCP_FLAG.ack) },
  ],
  udp: [{ name: 'datagram', forge: datagramBack }],
  udplite: [{ name: 'datagram', forge: datagramBack }],
  sctp: [{ name: 'INIT ACK', forge: sctpAnswer }],
};

/**
 * Counts how many of the guesses are taken for replies, for each way to forge one.
 * @param options - the seed of the numbers of the run and of the guesses; whether the attacker has learned the ident
 */
export function acceptedOf(
  victim: Victim,
  forgeries: readonly Forgery[],
  guesses: number,
  { seed = 1, knowsIdent = false } = {},
): Map<string, number> {
  const random = seededRandom(seed);
  const numbers = numbersOf(victim, random);
  const trace = runOf(victim, numbers);
  const known = knowsIdent ? { ident: numbers.ident } : {};
  const probes = sendAll(trace);
  const index = new TraceIndex([trace]);
  const accepted = new Map(forgeries.map(({ name }) => [name, 0]));
  for (let guess = 0; guess < guesses; guess++) {
    const probe = probes[guess % probes.length];
    assert.ok(probe);
    const guessed = guessOf(trace, probe, { ...numbersOf(victim, random), ...known });
    for (const { name, forge } of forgeries) {
      const classified = classify(forge({ victim, guessed, random }), index);
      const isTaken = 'reply' in classified || classified.answer !== undefined;
      if (isTaken) accepted.set(name, (accepted.get(name) ?? 0) + 1);
    }
  }
  return accepted;
}

function numbersOf({ payloadLength }: Victim, random: Random): Numbers {
  const below = (limit: number): number => Math.floor(random() * limit);
  const payload = new Uint8Array(payloadLength);
  for (let at = 0; at < Math.min(COOKIE_LENGTH, payloadLength); at++) payload[at] = below(0x100);
  return {
    // room to count up is left above; it is not what an attacker has to guess
    ident: 0x8000 + below(0x7f00),
    initialSequence: below(0x1_0000_0000),
    firstIdentification: below(0x1_0000),
    payload,
  };
}

function runOf({ type, family, flow }: Victim, { payload, ...numbers }: Numbers): Trace {
  const schedule = planOf({ parallel: IN_FLIGHT });
  return traceOf(type, family, { payload, schedule, flow: { ...flow, ...numbers } });
}

function sendAll(trace: Trace): Probe[] {
  return Array.from({ length: IN_FLIGHT }, () => {
    const action = trace.scheduler.next(0);
    assert.ok(action.do === 'send');
    trace.scheduler.sent(action.probe, 0);
    return action.probe;
  });
}

/** The probe as it would be with these numbers. */
function guessOf(trace: Trace, probe: Probe, { payload, ...numbers }: Numbers): OutgoingDatagram {
  const { probeType, flow } = trace.spec;
  return {
    ...trace.datagram(probe),
    identification: numbers.firstIdentification,
    payload: probeType.build(probe, { ...flow, ...numbers }, payload),
  };
}

/** @param length - of the quote behind its IP header, in octets. @param other - the address that is quoted otherwise */
function quoting(length: number, other?: 'source' | 'destination'): Forgery['forge'] {
  return ({ victim: { family }, guessed }) => {
    const elsewhere = other ? { [other]: octetsOf(OTHER[family]) } : {};
    const octets = encodeDatagram({ ...guessed, ...elsewhere });
    const quote = octets.subarray(
      0,
      octets.length - guessed.payload.length + Math.min(length, guessed.payload.length),
    );
    const head = Uint8Array.of(family === 4 ? 11 : 3, 0, 0, 0, 0, 0, 0, 0);
    return arriving(family, ICMP_PROTOCOL[family], ROUTER[family], concat(head, quote));
  };
}

function echoReply({ victim: { family }, guessed }: Attack): ReceivedDatagram {
  const message = guessed.payload.with(0, family === 4 ? 0 : 129);
  return arriving(family, ICMP_PROTOCOL[family], TARGET[family], message);
}

/** The ports of a UDP datagram or the like, the other way round. */
function backwards(octets: Uint8Array): Uint8Array {
  return concat(octets.subarray(2, 4), octets.subarray(0, 2), octets.subarray(4));
}

function datagramBack({ victim: { family }, guessed }: Attack): ReceivedDatagram {
  return arriving(family, guessed.protocol, TARGET[family], backwards(guessed.payload));
}

function sctpAnswer({ victim: { family }, guessed, random }: Attack): ReceivedDatagram {
  const octets = backwards(guessed.payload).with(12, 2);
  for (let at = 4; at < 8; at++) octets[at] = Math.floor(random() * 0x100);
  return arriving(family, guessed.protocol, TARGET[family], octets);
}

function segment(flags: number): Forgery['forge'] {
  return ({ victim: { family }, guessed: { payload, protocol } }) => {
    const { sourcePort, destinationPort, sequenceNumber } = decodeTcp(payload);
    const header = {
      sourcePort: destinationPort,
      destinationPort: sourcePort,
      sequenceNumber: 0,
      acknowledgment: flags & TCP_FLAG.ack ? (sequenceNumber + 1) >>> 0 : 0,
      flags,
      window: 0,
      checksum: 0,
    };
    return arriving(family, protocol, TARGET[family], encodeTcp(header, new Uint8Array(0)));
  };
}

function arriving(family: Family, protocol: number, source: string, octets: Uint8Array): ReceivedDatagram {
  return { family, protocol, source, octets, hasHeader: false, ttl: 250, atMs: 1, precision: 'user' };
}
