/** ICMP messages that come a little before an answer. */
import { concat } from '../../../src/wire/bytes.ts';
import { internetChecksum } from '../../../src/wire/checksum.ts';
import { IP_PROTOCOL } from '../../../src/wire/codes.ts';
import { encodeDatagram, type Datagram } from '../datagram.ts';
import type { Companion } from '../path-format.ts';
import { withChecksum } from '../transport-checksum.ts';

/** They come so many milliseconds before the answer. */
export const COMPANION_LEAD_MS = 1;
const CHECKSUM_OFFSET = 2;
/** Stands between the checksum and a quoted datagram. */
const UNUSED = new Uint8Array(4);
const TTL = 64;

/** Makes the whole datagram of a companion, from `responder` to the source of the probe. */
export function encodeCompanion(companion: Companion, probe: Datagram, responder: Uint8Array): Uint8Array {
  const protocol = probe.family === 4 ? IP_PROTOCOL.icmp : IP_PROTOCOL.icmpv6;
  const endpoints = { source: responder, destination: probe.source };
  const transport = summed(endpoints, protocol, messageOf(companion, probe));
  return encodeDatagram({ ...endpoints, protocol, ttl: TTL, transport });
}

function messageOf([type, code, body]: Companion, probe: Datagram): Uint8Array {
  const rest = body === 'quote' ? concat(UNUSED, probe.octets) : Buffer.from(body, 'hex');
  return concat(Uint8Array.of(type, code, 0, 0), rest);
}

/** ICMPv6 sums a pseudo-header too, ICMP does not. RFC 4443 section 2.3. */
function summed(
  endpoints: { source: Uint8Array; destination: Uint8Array },
  protocol: number,
  message: Uint8Array,
): Uint8Array {
  if (protocol === IP_PROTOCOL.icmpv6) return withChecksum(endpoints, protocol, message);
  new DataView(message.buffer).setUint16(CHECKSUM_OFFSET, internetChecksum(message));
  return message;
}
