/**
 * Covers a wall clock that is set while a datagram waits: real sockets, real stamps, and a reading of the clock that is off by as much
 * as it was set by. Time namespaces do not have CLOCK_REALTIME, and a test cannot set the machine's.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SOCK } from '../../../src/net/linux/constants.ts';
import { KernelSocket } from '../../../src/net/linux/kernel-socket.ts';
import { platformLayout } from '../../../src/net/linux/layout.ts';
import { loadLibc, type Calls, type Libc } from '../../../src/net/linux/libc.ts';
import { MessageReader, type Message } from '../../../src/net/linux/message-reader.ts';
import { encodeSockaddr } from '../../../src/net/linux/sockaddr.ts';
import { blockFor } from '../../../src/net/process/block.ts';
import { nowMs } from '../../../src/net/monotonic-clock.ts';

const skip = platformLayout() ? false : "the kernel's calls are not known here";
const HOUR_S = 3600;
const LOOPBACK = Uint8Array.of(127, 0, 0, 1);

/** The C library with a wall clock that is ahead by so many seconds. */
function libcAhead(aheadS: () => number): Libc {
  const libc = loadLibc();
  const { seconds } = libc.layout.time;
  const call = <Name extends keyof Calls>(name: Name): Calls[Name] => {
    if (name !== 'clock_gettime') return libc.call(name);
    const read: Calls['clock_gettime'] = (clock, time) => {
      const result = libc.call('clock_gettime')(clock, time);
      const view = new DataView(time.buffer, time.byteOffset);
      view.setUint32(seconds, view.getUint32(seconds, true) + aheadS(), true);
      return result;
    };
    return read as Calls[Name];
  };
  return new Proxy(libc, {
    get(target, name) {
      if (name === 'call') return call;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Sends a datagram to itself, sets the clock, reads. Answers the message, and the times around both. */
function readAfterStep(bySeconds: number): { message: Message; sentMs: number; readMs: number } {
  let aheadS = 0;
  const libc = libcAhead(() => aheadS);
  const socket = new KernelSocket(libc, 4, SOCK.DGRAM, 0);
  try {
    socket.askForFacts();
    const bind = encodeSockaddr({ family: 4, octets: LOOPBACK, port: 0, scopeId: 0 });
    libc.check(libc.call('bind')(socket.fd, bind, bind.length));
    const reader = new MessageReader(libc);
    reader.drain(socket.fd, () => undefined);
    const to = encodeSockaddr(socket.ownAddress());
    const sentMs = nowMs();
    libc.check(libc.call('sendto')(socket.fd, Uint8Array.of(1), 1, 0, to, to.length));
    aheadS = bySeconds;
    blockFor(5);
    const messages: Message[] = [];
    reader.drain(socket.fd, (message) => messages.push(message));
    const [message] = messages;
    assert.ok(message);
    return { message, sentMs, readMs: nowMs() };
  } finally {
    socket.close();
  }
}

describe('a wall clock that is set while a datagram waits', { skip }, () => {
  for (const [what, bySeconds] of [
    ['ahead by an hour', HOUR_S],
    ['back by an hour', -HOUR_S],
    ['ahead by a second', 1],
    ['back by a second', -1],
  ] as const) {
    it(`${what}: the time of reading counts, and is said to be the program's`, () => {
      const { message, sentMs, readMs } = readAfterStep(bySeconds);
      assert.equal(message.precision, 'user');
      assert.ok(message.atMs >= sentMs + 5 && message.atMs <= readMs);
    });
  }

  it("not at all: the kernel's stamp counts", () => {
    const { message, sentMs, readMs } = readAfterStep(0);
    assert.equal(message.precision, 'kernel');
    assert.ok(message.atMs > sentMs - 1 && message.atMs < readMs - 5);
  });
});
