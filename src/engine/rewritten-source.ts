/**
 * Finds the probe that is quoted from another source than it was sent from: the work of a NAT that translates the quote's
 * destination back to us, and leaves the quote itself as the world beyond saw it. RFC 5508 section 4.2 asks for more.
 */
import type { QuotedField } from '../model/reply.ts';
import { equal } from '../wire/bytes.ts';
import type { QuotedDatagram } from '../wire/quoted-datagram.ts';
import { proven } from './proof.ts';
import { probeOfQuote, readQuote, type Match, type Unread } from './quoted-probe.ts';
import type { Trace } from './trace.ts';
import type { TraceIndex } from './trace-index.ts';

const ADDRESS: readonly QuotedField[] = ['source'];
const ADDRESS_AND_PORT: readonly QuotedField[] = ['source', 'sourcePort'];

/**
 * Finds the probe whose quote has another source address, and perhaps another source port or echo identifier. All else has
 * to be as it was sent: to the same destination, or with the identification that this very probe had.
 */
export function matchRewrittenSource(
  quoted: QuotedDatagram,
  index: TraceIndex,
  unread: Unread,
): Match | undefined {
  const { protocol, destination, identification } = quoted;
  for (const trace of index.to(protocol, destination)) {
    const found = matchAddress(quoted, trace, unread) ?? matchPort(quoted, trace, unread);
    if (found && found.translatedPort === undefined) return found;
  }
  if (identification === undefined) return undefined;
  for (const trace of index.of(protocol)) {
    const named = trace.probeOf(identification);
    if (!named) continue; // the cheap question first: most traces have no such probe
    const found = matchAddress(quoted, trace, unread);
    if (found?.probe.sequence === named.sequence) return found;
  }
  return undefined;
}

/** By the ports, and whatever else the probe type has in its header. */
function matchAddress(quoted: QuotedDatagram, trace: Trace, unread: Unread): Match | undefined {
  return matchOf(trace, quoted, ADDRESS, unread);
}

/** By the identification: the probe that had it, with its own port in the place of the quoted one, has to be this one. */
function matchPort(quoted: QuotedDatagram, trace: Trace, unread: Unread): Match | undefined {
  const { transport, identification } = quoted;
  const { identOffset } = trace.spec.probeType;
  const expected = identification === undefined ? undefined : trace.probeOf(identification);
  if (!expected || !identOffset) return undefined;
  const { payload } = trace.datagram(expected);
  const asSent = transport.slice();
  const at = identOffset.probe;
  if (asSent.length < at + 2) return undefined;
  asSent.set(payload.subarray(at, at + 2), at);
  const found = matchOf(trace, { ...quoted, transport: asSent }, ADDRESS_AND_PORT, unread, quoted);
  return found?.probe.sequence === expected.sequence ? found : undefined;
}

function matchOf(
  trace: Trace,
  quoted: QuotedDatagram,
  differs: readonly QuotedField[],
  unread: Unread,
  asQuoted = quoted,
): Match | undefined {
  if (equal(quoted.source, trace.spec.flow.source)) return undefined;
  const identified = readQuote(trace, quoted, quoted.identification, unread);
  const found = identified && probeOfQuote(identified, trace);
  return found && proven({ ...found, differs: [...differs, ...(found.differs ?? [])] }, asQuoted);
}
