/** Reads ICMP and ICMPv6 errors and the datagrams they quote. RFC 792, RFC 4443. */
import type { Family } from '../model/address.ts';
import type { MplsLabel } from '../model/extension.ts';
import type { ReplyKind } from '../model/reply.ts';
import { ICMPV4_TYPE, ICMPV4_UNREACHABLE, ICMPV6_TYPE, TTL_EXCEEDED_IN_TRANSIT } from '../wire/codes.ts';
import { splitExtensions, type IcmpExtensionObject } from '../wire/icmp-extension.ts';
import type { IcmpMessage } from '../wire/icmpv4.ts';
import { decodeLabelStack } from '../wire/mpls.ts';
import { decodeQuotedDatagram, type QuotedDatagram } from '../wire/quoted-datagram.ts';

/** An error that answers a probe. */
export interface IcmpError {
  readonly kind: ReplyKind;
  readonly quoted: QuotedDatagram;
  /** Top first; empty when the error has none. */
  readonly mpls: readonly MplsLabel[];
  /** Empty when the error has none. */
  readonly objects: readonly IcmpExtensionObject[];
}

/**
 * Reads an error that answers a probe; undefined for all other messages.
 * @throws WireError when the quoted datagram is truncated or malformed
 */
export function readIcmpError(family: Family, message: IcmpMessage): IcmpError | undefined {
  const kind = family === 4 ? kindOfIcmpv4(message) : kindOfIcmpv6(message);
  if (!kind) return undefined;
  const { quote, extensions: objects } = splitExtensions(message.body, quoteLength(family, message));
  return { kind, quoted: decodeQuotedDatagram(family, quote), mpls: decodeLabelStack(objects), objects };
}

function kindOfIcmpv4({ type, code, rest }: IcmpMessage): ReplyKind | undefined {
  if (type === ICMPV4_TYPE.timeExceeded) {
    return code === TTL_EXCEEDED_IN_TRANSIT ? { type: 'time-exceeded' } : undefined;
  }
  if (type !== ICMPV4_TYPE.destinationUnreachable) return undefined;
  // RFC 1191 section 4: the low half of the second word is the MTU
  return code === ICMPV4_UNREACHABLE.fragmentationNeeded
    ? { type: 'unreachable', code, nextHopMtu: rest & 0xffff }
    : { type: 'unreachable', code };
}

function kindOfIcmpv6({ type, code, rest }: IcmpMessage): ReplyKind | undefined {
  switch (type) {
    case ICMPV6_TYPE.timeExceeded:
      return code === TTL_EXCEEDED_IN_TRANSIT ? { type: 'time-exceeded' } : undefined;
    case ICMPV6_TYPE.destinationUnreachable:
      return { type: 'unreachable', code };
    case ICMPV6_TYPE.packetTooBig:
      return { type: 'too-big', nextHopMtu: rest };
    case ICMPV6_TYPE.parameterProblem:
      return { type: 'parameter-problem', code };
    default:
      return undefined;
  }
}

/** The octets of the quote by the error's length field; 0 where it has no such field. RFC 4884 sections 4.1 to 4.5. */
function quoteLength(family: Family, { type, rest }: IcmpMessage): number {
  if (family === 4) return ((rest >>> 16) & 0xff) * 4;
  // RFC 4443 sections 3.2 and 3.4: the second word is the MTU in packet too big, a pointer in parameter problem
  const hasLength = type === ICMPV6_TYPE.destinationUnreachable || type === ICMPV6_TYPE.timeExceeded;
  return hasLength ? (rest >>> 24) * 8 : 0;
}
