/** The fields by which a datagram tells the system that made it. */
import { concat, setUint16 } from '../../../src/wire/bytes.ts';
import { IP_PROTOCOL } from '../../../src/wire/codes.ts';
import { decodeIpv4, encodeIpv4 } from '../../../src/wire/ipv4.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import { readDatagram, rewrite } from '../datagram.ts';
import { tcpFlags } from '../filter.ts';
import type { StackFormat } from '../path-format.ts';
import type { PathState } from '../path-state.ts';
import { withChecksum } from '../transport-checksum.ts';

const SYN_ACK = TCP_FLAG.syn | TCP_FLAG.ack;
const DATA_OFFSET = 12;
const WINDOW_OFFSET = 14;
const HEADER_LENGTH = 20;
/** Kind and length of the option. RFC 9293 section 3.7.1. */
const MSS_OPTION = [2, 4] as const;

/** A node that may have a stack of its own. */
interface Owner {
  readonly stack?: StackFormat;
}

/** Gives a whole datagram the fields of its maker's system. */
export function withStack(state: PathState, owner: Owner, octets: Uint8Array): Uint8Array {
  const { stack } = owner;
  if (!stack) return octets;
  const segment = withTcpFields(stack, octets);
  if (readDatagram(segment).family === 6) return segment;
  const header = decodeIpv4(segment);
  const identification = nextIdentification(state, owner, stack);
  const fields = { ...header, identification, dontFragment: stack.df ?? header.dontFragment };
  return encodeIpv4(fields, segment.subarray(header.headerLength));
}

function nextIdentification({ random, counted }: PathState, owner: Owner, { ip_id }: StackFormat): number {
  if (ip_id === 'random') return Math.floor(random() * 0x10000);
  if (ip_id !== 'counter') return 0;
  const count = (counted.get(owner) ?? Math.floor(random() * 0x8000)) + 1;
  counted.set(owner, count);
  return count & 0xffff;
}

function withTcpFields({ window, mss }: StackFormat, octets: Uint8Array): Uint8Array {
  const datagram = readDatagram(octets);
  const isSynAck = datagram.protocol === IP_PROTOCOL.tcp && ((tcpFlags(datagram) ?? 0) & SYN_ACK) === SYN_ACK;
  if (!isSynAck || datagram.transport.length !== HEADER_LENGTH) return octets;
  const option = mss === undefined ? [] : [...MSS_OPTION, mss >> 8, mss & 0xff];
  const transport = concat(datagram.transport, Uint8Array.from(option));
  transport[DATA_OFFSET] = (transport.length / 4) << 4;
  if (window !== undefined) setUint16(transport, WINDOW_OFFSET, window);
  return rewrite(datagram, { transport: withChecksum(datagram, datagram.protocol, transport) }).octets;
}
