/** Wraps one raw socket of the package raw-socket, and fences in its hazards. */
import type { RawSocketPackage, SocketWrap } from 'raw-socket';
import { TransportError } from '../../model/errors.ts';
import { errorOfText } from '../system-error.ts';

/** The largest IP datagram, in octets, so that none is cut. */
const BUFFER_LENGTH = 65_536;

/** No system's default is smaller, in octets. */
const SMALLEST_BUFFER_LENGTH = 8192;

/** Holds every open socket: the garbage collector closes those that nobody holds, polled or not. */
const open = new Set<RawHandle>();

/** One message that was read. */
export interface RawMessage {
  /** A copy: later reads leave it alone. */
  readonly octets: Uint8Array;
  readonly source: string;
}

/** A raw socket that never blocks. */
export class RawHandle {
  readonly #wrap: SocketWrap;
  readonly #buffer = Buffer.alloc(BUFFER_LENGTH);
  #failed = false;
  #onReadable: () => void = () => undefined;

  /**
   * @param protocol - 1 to 255; on Linux, 255 sends whole datagrams and receives nothing
   * @throws TransportError when the system refuses
   */
  constructor(raw: RawSocketPackage, family: 4 | 6, protocol: number) {
    const addressFamily = family === 4 ? raw.AddressFamily.IPv4 : raw.AddressFamily.IPv6;
    try {
      this.#wrap = raw.createSocket({ protocol, addressFamily }).wrap;
    } catch (error) {
      throw errorOfText(error);
    }
    // the package's own handlers read one message a poll, and close the socket on any error
    this.#wrap.removeAllListeners();
    this.#wrap.on('error', () => {
      this.#failed = true;
    });
    this.#wrap.on('recvReady', () => {
      this.#onReadable();
    });
    open.add(this);
  }

  /** Sets the one callback that is called when there may be something to read. */
  onReadable(callback: () => void): void {
    this.#onReadable = callback;
  }

  /** Stops polling. For a socket that only sends. */
  ignoreInput(): void {
    this.#wrap.pause(true, true);
  }

  /** Sets an option whose value is an int. @throws TransportError when the system refuses */
  setOption(level: number, option: number, value: number): void {
    try {
      this.#wrap.setOption(level, option, value);
    } catch (error) {
      throw errorOfText(error);
    }
  }

  /** Sets an option whose value is not an int. @throws TransportError when the system refuses */
  setOctets(level: number, option: number, value: Uint8Array): void {
    try {
      this.#wrap.setOption(level, option, Buffer.from(value), value.length);
    } catch (error) {
      throw errorOfText(error);
    }
  }

  /**
   * Sets the size of a buffer, or half of it, and so on: BSD kernels refuse what exceeds their limit, as ENOBUFS. The
   * default stays where they refuse all.
   * @param length - in octets
   */
  growBuffer(level: number, option: number, length: number): void {
    for (let asked = length; asked >= SMALLEST_BUFFER_LENGTH; asked /= 2) {
      try {
        this.setOption(level, option, Math.floor(asked));
        return;
      } catch (error) {
        if (!(error instanceof TransportError) || error.code !== 'ENOBUFS') throw error;
      }
    }
  }

  /**
   * Sends all of `octets` at once.
   * @param address - of the socket's family; the caller has made sure that it is one
   * @throws TransportError when the system refuses
   */
  send(octets: Uint8Array, address: string): void {
    this.#refuseClosed();
    const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
    try {
      this.#wrap.send(buffer, 0, buffer.length, address, () => undefined);
    } catch (error) {
      throw errorOfText(error);
    }
  }

  /**
   * Reads the oldest message that waits; undefined when there is none.
   * @throws TransportError when the socket has failed
   */
  receive(): RawMessage | undefined {
    this.#refuseClosed();
    if (this.#failed) throw new TransportError('UNKNOWN', 'the system reported an error on a raw socket');
    let message: RawMessage | undefined;
    try {
      this.#wrap.recv(this.#buffer, (buffer, bytes, source) => {
        message = { octets: Uint8Array.from(buffer.subarray(0, bytes)), source };
      });
    } catch (error) {
      const failure = errorOfText(error);
      if (failure.code !== 'EAGAIN') throw failure;
    }
    return message;
  }

  /** May be called more than once. */
  close(): void {
    if (!open.delete(this)) return;
    this.#wrap.removeAllListeners();
    this.#wrap.close();
  }

  /** The package would open a closed socket again, without its options. */
  #refuseClosed(): void {
    if (!open.has(this)) throw new TransportError('EINVAL', 'the raw socket is closed');
  }
}
