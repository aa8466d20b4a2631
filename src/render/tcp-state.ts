/** TCP states and control bits in tcptraceroute's words. */
import type { ReplyKind, TcpState } from '../model/reply.ts';
import { TCP_FLAG } from '../wire/codes.ts';

/** TCP control bits in the order tcptraceroute names them. RFC 9293 section 3.1. */
const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [TCP_FLAG.rst, 'RST'],
  [TCP_FLAG.syn, 'SYN'],
  [TCP_FLAG.ack, 'ACK'],
  [TCP_FLAG.psh, 'PSH'],
  [TCP_FLAG.fin, 'FIN'],
  [TCP_FLAG.urg, 'URG'],
  [TCP_FLAG.cwr, 'CWR'],
  [TCP_FLAG.ece, 'ECN'],
];

/** The names of the control bits that are set, each after a space; ` no flags` where none is. */
export function flagNames(flags: number): string {
  const names = FLAG_NAMES.filter(([bit]) => flags & bit).map(([, name]) => ` ${name}`);
  return names.join('') || ' no flags';
}

/** The state of the target's port in an answer, in tcptraceroute's words: `open`; '' where the answer tells none. */
export function tcpStateText(kind: ReplyKind): string {
  return kind.type === 'answer' && kind.tcp ? stateText(kind.tcp) : '';
}

function stateText(tcp: TcpState): string {
  switch (tcp.state) {
    case 'open':
      return tcp.ecn ? 'open, ecn' : 'open';
    case 'closed':
      return 'closed';
    case 'other':
      return `unknown,${flagNames(tcp.flags)}`;
  }
}
