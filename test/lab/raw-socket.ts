/** The part of the package raw-socket that the responder uses, and a reader that keeps up with it. */
import { createRequire } from 'node:module';

interface SocketWrap {
  recv(buffer: Buffer, callback: (buffer: Buffer, length: number) => void): void;
  send(buffer: Buffer, offset: number, length: number, address: string, sent: () => void): void;
  on(event: 'recvReady', listener: () => void): void;
  removeAllListeners(event: 'recvReady'): void;
}

interface RawSocket {
  readonly wrap: SocketWrap;
  setOption(level: number, option: number, value: number): void;
  on(event: 'error', listener: (error: Error | undefined) => void): void;
}

interface RawSocketPackage {
  readonly createSocket: (options: { protocol: number }) => RawSocket;
}

const { createSocket } = createRequire(import.meta.url)('raw-socket') as RawSocketPackage; // it has no types

const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const SO_MARK = 36;
/** A protocol of none: its socket sends datagrams with their IP header as given. raw(7) */
const IPPROTO_RAW = 255;
const RECEIVE_BUFFER_OCTETS = 4 << 20;
const WOULD_BLOCK = 'Resource temporarily unavailable';

/** A raw socket that is no longer referred to is closed by the garbage collector. */
const kept: RawSocket[] = [];
const buffer = Buffer.alloc(65536);

function open(protocol: number): RawSocket {
  const socket = createSocket({ protocol });
  socket.on('error', (error) => {
    throw error ?? new Error(`the raw socket of protocol ${protocol} failed`);
  });
  kept.push(socket);
  return socket;
}

/**
 * Opens a raw IPv4 socket, and gives a copy of each datagram that it receives, from the IP header on, to
 * `receive`. Answers a function that reads at once whatever has arrived.
 */
export function openReceiver(protocol: number, receive: (octets: Uint8Array) => void): () => void {
  const socket = open(protocol);
  const drain = () => {
    while (receiveOne(socket.wrap, receive));
  };
  socket.setOption(SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_OCTETS);
  socket.wrap.removeAllListeners('recvReady');
  socket.wrap.on('recvReady', drain);
  return drain;
}

function receiveOne(wrap: SocketWrap, receive: (octets: Uint8Array) => void): boolean {
  let received: Uint8Array | undefined;
  try {
    wrap.recv(buffer, (_, length) => {
      received = Uint8Array.from(buffer.subarray(0, length));
    });
  } catch (error) {
    if (error instanceof Error && error.message === WOULD_BLOCK) return false;
    throw error;
  }
  if (received) receive(received);
  return true;
}

/** Opens a socket whose datagrams carry `mark`, and answers the function that sends one, header included. */
export function openMarkedSender(mark: number): (octets: Uint8Array, destination: string) => void {
  const socket = open(IPPROTO_RAW);
  socket.setOption(SOL_SOCKET, SO_MARK, mark);
  return (octets, destination) => {
    socket.wrap.send(Buffer.from(octets), 0, octets.length, destination, () => undefined);
  };
}
