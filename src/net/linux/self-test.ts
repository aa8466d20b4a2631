/**
 * Sends itself a datagram over loopback, before any probe, to check that the kernel's structures are as layout.ts says
 * and that the kernel stamps what arrives.
 */
import type { Family } from '../../model/address.ts';
import { equal } from '../../wire/bytes.ts';
import { POLL, SOCK } from './constants.ts';
import { KernelSocket } from './kernel-socket.ts';
import type { Libc } from './libc.ts';
import type { Message, MessageReader } from './message-reader.ts';
import { encodeSockaddr } from './sockaddr.ts';
import { blockFor } from '../process/block.ts';
import { nowMs } from '../monotonic-clock.ts';

const LOOPBACK: Readonly<Record<Family, Uint8Array>> = {
  4: Uint8Array.of(127, 0, 0, 1),
  6: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
};
const PAYLOAD = Buffer.from('polytrace self-test');
/** Loopback delivers within the send, or as soon as the kernel's own thread gets to run. */
const LONGEST_WAIT_MS = 50;
/**
 * After the first SO_TIMESTAMPNS on the machine the kernel starts stamping from a work queue, once this processor is
 * idle for a moment. Until then it gives the time of reading instead of the time of arrival.
 */
const YIELD_MS = 0.05;
const YIELDS = 20;
/** An older stamp cannot be one. */
const OLDEST_MS = 1000;

/** The kernel's calls do not do what they should. The message says all. */
export class SelfTestError extends Error {
  override readonly name = 'SelfTestError';
}

/**
 * Runs the test on a socket of its own.
 * @returns true when the kernel stamps what arrives; false when it has not begun to after some 20 tries: later stamps
 * are marked as they come
 * @throws SelfTestError when anything is not as expected
 */
export function selfTest(libc: Libc, reader: MessageReader, family: Family): boolean {
  try {
    return exchangeUntilStamped(libc, reader, family);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SelfTestError(`the kernel transport fails its test over loopback: ${reason}`, { cause: error });
  }
}

function exchangeUntilStamped(libc: Libc, reader: MessageReader, family: Family): boolean {
  const socket = new KernelSocket(libc, family, SOCK.DGRAM, 0);
  try {
    socket.askForFacts();
    const port = connectToItself(libc, socket);
    for (let tries = 0; tries < YIELDS; tries++) {
      blockFor(YIELD_MS);
      const message = exchange(libc, socket, reader);
      check(message, family, port);
      if (message.precision === 'kernel') return true;
    }
    return false;
  } finally {
    socket.close();
  }
}

/** Connects the socket to itself, so that nobody else's datagrams arrive. Returns the port. */
function connectToItself(libc: Libc, socket: KernelSocket): number {
  const { fd, family } = socket;
  const any = encodeSockaddr({ family, octets: LOOPBACK[family], port: 0, scopeId: 0 });
  libc.check(libc.call('bind')(fd, any, any.length));
  const bound = socket.ownAddress();
  if (bound.port === 0) throw new Error('a bound socket has no port');
  const own = encodeSockaddr(bound);
  libc.check(libc.call('connect')(fd, own, own.length));
  return bound.port;
}

function exchange(libc: Libc, { fd }: KernelSocket, reader: MessageReader): Message {
  const { octets } = libc.allocate(PAYLOAD.length);
  octets.set(PAYLOAD);
  libc.check(libc.call('sendto')(fd, octets, octets.length, 0, null, 0));
  const descriptor = libc.allocate(8); // struct pollfd
  descriptor.view.setInt32(0, fd, true);
  descriptor.view.setInt16(4, POLL.IN, true);
  libc.check(libc.call('poll')(descriptor.octets, 1, LONGEST_WAIT_MS));
  const messages: Message[] = [];
  reader.drain(fd, (message) => messages.push(message));
  const [message] = messages;
  if (!message) throw new Error('nothing arrived over loopback');
  return message;
}

function check({ octets, source, atMs, ttl = 0 }: Message, family: Family, port: number): void {
  const wrong = [
    ['the payload', equal(octets, PAYLOAD)],
    ['the source', equal(source.octets, LOOPBACK[family]) && source.port === port],
    ['the TTL', ttl >= 1 && ttl <= 255],
    ['the stamp', Math.abs(nowMs() - atMs) < OLDEST_MS],
  ].flatMap(([what, isRight]) => (isRight === true ? [] : [what]));
  if (wrong.length > 0)
    throw new Error(`${wrong.join(' and ')} of a datagram over loopback did not read back`);
}
