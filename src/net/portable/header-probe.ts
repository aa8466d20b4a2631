/** Finds out, over loopback, in which byte order this system has IPv4 headers on raw sockets. */
import { TransportError } from '../../model/errors.ts';
import { equal } from '../../wire/bytes.ts';
import { encodeIcmpv4, ICMPV4_TYPE, TTL_EXCEEDED_IN_TRANSIT } from '../../wire/icmpv4.ts';
import { IP_PROTOCOL } from '../../wire/codes.ts';
import { encodeIpv4 } from '../../wire/ipv4.ts';
import { blockFor } from '../process/block.ts';
import { randomBelow } from '../random.ts';
import { formOf, toSocket, WIRE_FORM, type ByteOrder, type HeaderForm } from './header-form.ts';
import type { RawHandle } from './raw-handle.ts';

type Sender = Pick<RawHandle, 'send'>;

const LOOPBACK = Uint8Array.of(127, 0, 0, 1);
const LOOPBACK_NAME = '127.0.0.1';
/** RFC 3692: for experiments. No kernel looks for a socket that the quote could belong to. */
const QUOTED_PROTOCOL = 253;
/** Octets of the quote's payload, by which the probe is known again. */
const MARK_LENGTH = 8;
/** Loopback delivers within the send, or as soon as the kernel's own thread gets to run. */
const LOOKS = 50;
const PAUSE_MS = 1;

/**
 * Sends an ICMP error to this machine itself, in either order until the system takes one, and sees in what arrives how
 * the fields were turned. The error quotes a datagram that nobody sent.
 * @param sender - writes IP headers itself
 * @param icmp - receives ICMP; whatever else waits on it is lost
 * @returns the wire's order for what did not arrive within 50 ms, but the sender's for received headers: no system is
 * known in which the two differ
 */
export function findHeaderForm(sender: Sender, icmp: Pick<RawHandle, 'receive'>): HeaderForm {
  const mark = Uint8Array.from({ length: MARK_LENGTH }, () => randomBelow(0x100));
  const quote = datagramOf(QUOTED_PROTOCOL, mark);
  const sent = sendInTakenOrder(sender, quote);
  for (let looks = 0; looks < LOOKS; looks++) {
    for (let message = icmp.receive(); message; message = icmp.receive()) {
      const { octets } = message;
      if (equal(octets.subarray(-MARK_LENGTH), mark)) return formOf(sent, octets, quote.length);
    }
    blockFor(PAUSE_MS);
  }
  return { sent, received: sent, quoted: 'network' };
}

/** A kernel refuses, as EINVAL, a total length that exceeds the datagram: so it reads one in the wrong order. */
function sendInTakenOrder(sender: Sender, quote: Uint8Array): ByteOrder {
  const { timeExceeded: type } = ICMPV4_TYPE;
  const error = encodeIcmpv4({ type, code: TTL_EXCEEDED_IN_TRANSIT, rest: 0, body: quote });
  for (const sent of ['network', 'host'] as const) {
    const probe = toSocket(datagramOf(IP_PROTOCOL.icmp, error), { ...WIRE_FORM, sent });
    if (takes(sender, probe)) return sent;
  }
  return 'network';
}

function takes(sender: Sender, probe: Uint8Array): boolean {
  try {
    sender.send(probe, LOOPBACK_NAME);
    return true;
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return error.code !== 'EINVAL'; // of other faults the order is not one
  }
}

function datagramOf(protocol: number, payload: Uint8Array): Uint8Array {
  const header = { tos: 0, identification: 1, dontFragment: true, ttl: 1, options: new Uint8Array(0) };
  return encodeIpv4({ ...header, protocol, source: LOOPBACK, destination: LOOPBACK }, payload);
}
