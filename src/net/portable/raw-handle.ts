/** One raw socket of the package raw-socket, with its hazards fenced in. */
import type { RawSocketPackage, SocketWrap } from 'raw-socket';
import { TransportError } from '../../model/errors.ts';
import { errorOfText } from '../system-error.ts';

/** The largest IP datagram: nothing that arrives is ever cut. */
const BUFFER_LENGTH = 65_536;

/** No system's default is smaller, in octets. */
const SMALLEST_BUFFER_LENGTH = 8192;

/** The garbage collector closes sockets that nobody holds, although they are being polled. */
const open = new Set<RawHandle>();

/** What one read gave. */
export interface RawMessage {
  /** A copy of its own. */
  readonly octets: Uint8Array;
  readonly source: string;
}

export class RawHandle {
  readonly #wrap: SocketWrap;
  readonly #buffer = Buffer.alloc(BUFFER_LENGTH);
  #failed = false;
  #onReadable: () => void = () => undefined;

  /**
   * @param protocol - 1 to 255; 255 sends whole datagrams and receives nothing
   * @throws TransportError when the system refuses
   */
  constructor(raw: RawSocketPackage, family: 4 | 6, protocol: number) {
    const addressFamily = family === 4 ? raw.AddressFamily.IPv4 : raw.AddressFamily.IPv6;
    try {
      this.#wrap = raw.createSocket({ protocol, addressFamily }).wrap;
    } catch (error) {
      throw errorOfText(error);
    }
    // the package's own handlers read one packet a poll, and close the socket on any error
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

  /** Stops polling: for a socket that only sends. */
  ignoreInput(): void {
    this.#wrap.pause(true, true);
  }

  /** @throws TransportError when the system refuses */
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
   * Sends all of `octets`; what `address` is, is for the caller to make sure of.
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
   * The oldest message that was not read yet, or undefined when there is none.
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

  /** A closed socket would be opened anew by the package, without its options. */
  #refuseClosed(): void {
    if (!open.has(this)) throw new TransportError('EINVAL', 'the raw socket is closed');
  }
}
