/** struct sock_extended_err, in which an error queue describes an ICMP error. ip(7), linux/errqueue.h */
import { IP, IPV6, SOL } from './constants.ts';
import type { ControlMessage } from './message-batch.ts';
import { decodeSockaddr, type SocketAddress } from './sockaddr.ts';

const OFFSET = { origin: 4, type: 5, code: 6, info: 8, extensions: 12, offender: 16 } as const;
/** Origins: an ICMP or ICMPv6 message. All others are this machine's own errors. */
const ORIGIN_ICMP = 2;
const ORIGIN_ICMP6 = 3;

/** An ICMP or ICMPv6 error, without the octets that it quotes. */
export interface ExtendedError {
  readonly type: number;
  readonly code: number;
  /** The next hop's MTU for fragmentation needed and packet too big, the pointer for parameter problem. */
  readonly info: number;
  /** The offset of the ICMP extensions in the message's octets; 0 when it announced none. RFC 4884 */
  readonly extensionsAt: number;
  /** The sender of the message. */
  readonly offender: SocketAddress;
}

/** The ICMP error among these control messages; undefined when there is none. */
export function extendedErrorOf(controls: readonly ControlMessage[]): ExtendedError | undefined {
  const message = controls.find(isExtendedError);
  if (!message) return undefined;
  const { view, at } = message;
  const origin = view.getUint8(at + OFFSET.origin);
  const offender = decodeSockaddr(new Uint8Array(view.buffer), at + OFFSET.offender);
  if (!offender || (origin !== ORIGIN_ICMP && origin !== ORIGIN_ICMP6)) return undefined;
  return {
    type: view.getUint8(at + OFFSET.type),
    code: view.getUint8(at + OFFSET.code),
    info: view.getUint32(at + OFFSET.info, true),
    extensionsAt: view.getUint16(at + OFFSET.extensions, true),
    offender,
  };
}

function isExtendedError({ level, type }: ControlMessage): boolean {
  return (level === SOL.IP && type === IP.RECVERR) || (level === SOL.IPV6 && type === IPV6.RECVERR);
}
