/** What an ICMP or ICMPv6 error says, and the datagram it quotes. RFC 792, RFC 4443. */
import type { Family } from '../model/address.ts';
import type { MplsLabel, ReplyKind } from '../model/reply.ts';
import { ICMPV4_TYPE, ICMPV4_UNREACHABLE, ICMPV6_TYPE, TTL_EXCEEDED_IN_TRANSIT } from '../wire/codes.ts';
import { splitExtensions } from '../wire/icmp-extension.ts';
import type { IcmpMessage } from '../wire/icmpv4.ts';
import { decodeLabelStack } from '../wire/mpls.ts';
import { decodeQuotedDatagram, type QuotedDatagram } from '../wire/quoted-datagram.ts';

export interface IcmpError {
  readonly kind: ReplyKind;
  readonly quoted: QuotedDatagram;
  readonly mpls: readonly MplsLabel[];
}

/**
 * Reads an error that answers a probe; undefined for all other messages.
 * @throws WireError when what it quotes is truncated or malformed
 */
export function readIcmpError(family: Family, message: IcmpMessage): IcmpError | undefined {
  const kind = family === 4 ? kindOfIcmpv4(message) : kindOfIcmpv6(message);
  if (!kind) return undefined;
  const { quote, extensions } = splitExtensions(message.body, quoteLength(family, message));
  return { kind, quoted: decodeQuotedDatagram(family, quote), mpls: decodeLabelStack(extensions) };
}

function kindOfIcmpv4({ type, code, rest }: IcmpMessage): ReplyKind | undefined {
  if (type === ICMPV4_TYPE.timeExceeded) {
    return code === TTL_EXCEEDED_IN_TRANSIT ? { type: 'time-exceeded' } : undefined;
  }
  if (type !== ICMPV4_TYPE.destinationUnreachable) return undefined;
  // RFC 1191 section 4: the MTU is the low half of the second word
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

/** Octets that the error's length field gives to the quote; 0 where it has none. RFC 4884 sections 4.1 to 4.5. */
function quoteLength(family: Family, { type, rest }: IcmpMessage): number {
  if (family === 4) return ((rest >>> 16) & 0xff) * 4;
  // RFC 4443 sections 3.2 and 3.4: the second word of packet too big is the MTU, of parameter problem a pointer
  const hasLength = type === ICMPV6_TYPE.destinationUnreachable || type === ICMPV6_TYPE.timeExceeded;
  return hasLength ? (rest >>> 24) * 8 : 0;
}
