/**
 * A firewall that holds a TCP connection to the initial sequence number which it saw first. Stateful firewalls do, for
 * a SYN with another number is no retransmission.
 */
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import { viewOf } from '../../../src/wire/bytes.ts';
import type { Datagram } from '../datagram.ts';
import { tcpFlags } from '../filter.ts';

/** The connections that one firewall knows. */
export class SequenceLock {
  /** First sequence number by four-tuple. */
  readonly #first = new Map<string, number>();

  /** Says whether a datagram passes, and remembers the first SYN of each four-tuple. */
  passes(datagram: Datagram): boolean {
    const flags = tcpFlags(datagram);
    if (flags === undefined) return true;
    const key = fourTuple(datagram);
    if (flags & TCP_FLAG.rst) return this.#first.delete(key) || true;
    if (!(flags & TCP_FLAG.syn)) return false;
    const number = viewOf(datagram.transport, 8, 'TCP').getUint32(4);
    const first = this.#first.get(key) ?? number;
    this.#first.set(key, first);
    return number === first;
  }
}

function fourTuple({ source, destination, transport }: Datagram): string {
  return [source, destination, transport.subarray(0, 4)].join(' ');
}
