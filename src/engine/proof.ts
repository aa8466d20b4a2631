/**
 * Tells whether a reply proves that its sender has seen the probe. Whoever is off the path knows addresses, ports, lengths and
 * times, and has to guess the numbers that are drawn for each run. docs/security.md, "Guessing"
 */
import type { Probe } from '../model/probe.ts';
import type { QuotedField } from '../model/reply.ts';
import { concat, int32At, uint16At } from '../wire/bytes.ts';
import { updatedChecksum } from '../wire/checksum.ts';
import type { QuotedDatagram } from '../wire/quoted-datagram.ts';
import type { OutgoingDatagram } from '../ports/transport.ts';
import { drawnWords } from './drawn-words.ts';
import type { Match } from './quoted-probe.ts';
import type { Trace, TraceSpec } from './trace.ts';

/** What each number is worth, in bits. Idents are drawn from the upper half of 16 bits. */
const BITS = { identification: 16, ident: 15, word: 16 } as const;
/** Two numbers that were drawn apart: a million guesses hit them once in two thousand runs. */
const NEEDED_BITS = BITS.identification + BITS.ident;
/** The octets of the payload that are drawn, and which no probe type writes over: 32 bits from here on. */
const COOKIE_OFFSET = 4;
const COOKIE_END = 8;
/** A NAT changes words among these, and the checksum with them. */
const TRANSLATED_LENGTH = 8;
const WITH_IDENTIFICATION: readonly QuotedField[] = ['identification'];

/**
 * The match, with what the quote's IP header has otherwise; undefined where the quote does not prove itself. Of what was
 * drawn, two numbers have to agree: so each of them may be rewritten, but not all.
 */
export function proven(match: Match, quoted: QuotedDatagram): Match | undefined {
  const { trace, probe, differs } = match;
  // nearly all quotes over IPv4: so few lines are compiled into whoever calls, and cost next to nothing
  if (!differs && quoted.identification === trace.identificationOf(probe)) return match;
  return provenOtherwise(match, quoted);
}

function provenOtherwise(match: Match, quoted: QuotedDatagram): Match | undefined {
  const { trace, probe, differs } = match;
  const isIdentified = hasIdentification(quoted, trace, probe);
  const bits = (isIdentified ? BITS.identification : 0) + (differs?.includes('sourcePort') ? 0 : BITS.ident);
  if (bits < NEEDED_BITS && !hasMore(match, quoted, bits)) return undefined;
  if (isIdentified || quoted.identification === undefined) return match;
  return { ...match, differs: differs ? [...differs, 'identification'] : WITH_IDENTIFICATION };
}

/** Looks at all that was drawn besides, the quickest first. @param bits - what is proven already */
function hasMore(match: Match, quoted: QuotedDatagram, bits: number): boolean {
  const { trace, differs } = match;
  const hasNumber = trace.spec.probeType.quotesNumber && !differs?.includes('sequence');
  return hasNumber || hasCookie(quoted.transport, trace.spec) || haveWords(match, quoted, bits);
}

/** Tells whether an answer gives back what was drawn for its probe, where such answers do. */
export function answerProves({ spec }: Trace, message: Uint8Array): boolean {
  return !spec.probeType.answersFromAnywhere || spec.payload.length < COOKIE_END || hasCookie(message, spec);
}

/** Old BSD kernels quote the octets of the identification in the other order. */
function hasIdentification({ identification }: QuotedDatagram, trace: Trace, probe: Probe): boolean {
  if (identification === undefined) return false;
  const sent = trace.identificationOf(probe);
  return identification === sent || (((identification & 0xff) << 8) | (identification >>> 8)) === sent;
}

/** Looks where most probes have what was drawn for their payload: that takes no time. */
function hasCookie(transport: Uint8Array, { payload, probeType: { headerLength } }: TraceSpec): boolean {
  if (payload.length < COOKIE_END || transport.length < headerLength + COOKIE_END) return false;
  return int32At(transport, headerLength + COOKIE_OFFSET) === int32At(payload, COOKIE_OFFSET);
}

/** Looks at all else that was drawn, and is quoted. @param bits - what is proven besides */
function haveWords({ trace, probe }: Match, quoted: QuotedDatagram, bits: number): boolean {
  const words = drawnWords(trace);
  // a probe of IPv6 that has nothing but its ident, such as UDP without data, can prove no more
  if (words.length === 0) return trace.family === 6 && bits >= BITS.ident;
  const sent = trace.datagram(probe);
  let proved = bits;
  for (const at of words) {
    if (at + 2 <= quoted.transport.length && hasWord(at, quoted, sent)) proved += BITS.word;
    if (proved >= NEEDED_BITS) return true;
  }
  return false;
}

function hasWord(at: number, quoted: QuotedDatagram, sent: OutgoingDatagram): boolean {
  const word = uint16At(quoted.transport, at);
  const expected = uint16At(sent.payload, at);
  return word === expected || (at < TRANSLATED_LENGTH && isTranslated(word, expected, at, quoted, sent));
}

/** True for a checksum that a NAT has written over the addresses and ports that it changed. RFC 3022 section 4.2 */
function isTranslated(
  word: number,
  expected: number,
  at: number,
  quoted: QuotedDatagram,
  sent: OutgoingDatagram,
): boolean {
  const before = headOf(sent.payload, at);
  const after = headOf(quoted.transport, at);
  const alone = updatedChecksum(expected, before, after);
  // ICMP's and that of unknown protocols is not over the addresses
  const addressed = updatedChecksum(
    expected,
    concat(sent.source, sent.destination, before),
    concat(quoted.source, quoted.destination, after),
  );
  return isSameSum(word, alone) || isSameSum(word, addressed);
}

/** Zero has two forms in ones' complement: boxes write the one or the other. RFC 1624 section 3 */
function isSameSum(one: number, other: number): boolean {
  return one % 0xffff === other % 0xffff;
}

/** The first octets, without the word at `at`. */
function headOf(octets: Uint8Array, at: number): Uint8Array {
  const head = octets.slice(0, TRANSLATED_LENGTH);
  head.fill(0, at, at + 2);
  return head;
}
