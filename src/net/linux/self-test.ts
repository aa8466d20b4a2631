/**
 * Sends itself a datagram over loopback, before any probe, to check that the kernel's structures are as layout.ts says
 * and that the kernel stamps what arrives.
 */
import type { Family } from '../../model/address.ts';
import { isOutOfFiles, TransportError, type SystemErrorCode } from '../../model/errors.ts';
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
/** struct pollfd. poll(2) */
const POLLFD = { size: 8, events: 4, returned: 6 } as const;
const PAYLOAD = Buffer.from('polytrace self-test');
/** Loopback delivers within the send, or as soon as the kernel's own thread gets to run. */
const LONGEST_WAIT_MS = 50;
/**
 * After the first SO_TIMESTAMPNS on the machine the kernel starts stamping from a work queue, once this processor is
 * idle for a moment. Until then it gives the time of reading instead of the time of arrival.
 */
const YIELD_MS = 0.05;
const YIELDS = 20;
/** What ICMP errors make of a socket. */
const REFUSALS: readonly SystemErrorCode[] = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EACCES'];
/** An older stamp cannot be one. */
const OLDEST_MS = 1000;

/** The kernel's calls do not do what they should. The message says all. */
export class SelfTestError extends Error {
  override readonly name = 'SelfTestError';
}

/** What the test has found. */
export interface SelfTestResult {
  /**
   * True when the kernel stamps what arrives; false when it has not begun to after some 20 tries, or nothing arrived:
   * stamps are marked as they come.
   */
  readonly stampsArrivals: boolean;
  /** Says why nothing could be tested, where this machine lets nothing through to itself; else absent. */
  readonly untested?: string;
}

/** This machine lets nothing through to itself, which is no fault of the calls. The message says how it refuses. */
class NoLoopback extends Error {}

/**
 * Runs the test on a socket of its own.
 * @throws SelfTestError when anything is not as expected; TransportError when no more files may be opened
 */
export function selfTest(libc: Libc, reader: MessageReader, family: Family): SelfTestResult {
  try {
    return { stampsArrivals: exchangeUntilStamped(libc, reader, family) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (isOutOfFiles(error)) throw error; // no fault of the calls either
    if (error instanceof NoLoopback) return { stampsArrivals: false, untested: reason };
    throw new SelfTestError(`the kernel transport fails its test over loopback: ${reason}`, { cause: error });
  }
}

/** Tells on `explain` what could not be tested. Answers whether the kernel stamps what arrives. */
export function explainTest(
  { stampsArrivals, untested }: SelfTestResult,
  explain: (message: string) => void = () => undefined,
): boolean {
  if (untested !== undefined) explain(`the kernel's calls could not be tested over loopback: ${untested}`);
  return stampsArrivals;
}

function exchangeUntilStamped(libc: Libc, reader: MessageReader, family: Family): boolean {
  const socket = new KernelSocket(libc, family, SOCK.DGRAM, 0);
  try {
    socket.askForFacts();
    const port = orNoLoopback(() => connectToItself(libc, socket));
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

/** Answers what `use` does. @throws NoLoopback where the system refuses: loopback is down, or a firewall forbids it */
function orNoLoopback<T>(use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (error instanceof TransportError) throw new NoLoopback(error.message);
    throw error;
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
  orNoLoopback(() => libc.check(libc.call('sendto')(fd, octets, octets.length, 0, null, 0)));
  const messages: Message[] = [];
  const read = (): void => {
    reader.drain(fd, (message) => messages.push(message));
  };
  // over loopback it is there once it is sent
  unlessRefused(read);
  if (messages.length === 0) {
    if (!isReadable(libc, fd)) throw new NoLoopback('nothing arrived');
    read();
  }
  const [message] = messages;
  if (!message) throw new Error('a datagram over loopback arrived and could not be read');
  return message;
}

/** Does what reads. @throws NoLoopback where it reads the refusal of a firewall */
function unlessRefused(read: () => void): void {
  try {
    read();
  } catch (error) {
    const isRefused = error instanceof TransportError && REFUSALS.includes(error.code);
    throw isRefused ? new NoLoopback(error.message) : error;
  }
}

/** True once there is a datagram to read; false when none has come in time, or an error in its place. */
function isReadable(libc: Libc, fd: number): boolean {
  const { octets, view } = libc.allocate(POLLFD.size);
  view.setInt32(0, fd, true);
  view.setInt16(POLLFD.events, POLL.IN, true);
  libc.check(libc.call('poll')(octets, 1, LONGEST_WAIT_MS));
  return view.getInt16(POLLFD.returned, true) === POLL.IN;
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
