/** Asks a whois server for AS numbers in the IRRd query protocol, which RADB speaks. */
import { connect, type LookupFunction, type Socket } from 'node:net';
import { familyOf, type Address } from '../../model/address.ts';
import { ResolveError } from '../../model/errors.ts';
import { sanitiseName } from '../../model/name.ts';
import { errorOfCode } from '../system-error.ts';
import { firstReply, whoisOrigin } from './whois-reply.ts';

/** The server, and how it is reached. */
export interface WhoisOptions {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  /** The wait for an answer, from its question or from the answer before. */
  readonly timeoutMs: number;
  /** Finds the addresses of a name; rejects when it has none. */
  readonly addressesOf: (name: string) => Promise<readonly Address[]>;
  /** Called at most once, with one line, when the server fails and is not asked again. */
  readonly warn?: (message: string) => void;
}

const KEEP_OPEN = '!!\n';
const MS_PER_S = 1000;

interface Question {
  readonly query: string;
  readonly answer: (origin: number | undefined) => void;
}

/**
 * Asks all questions over one connection. When the server ends it, opens another, as long as each brings an answer. A
 * server that fails or keeps silent is never asked again.
 */
export class WhoisClient {
  readonly #options: WhoisOptions;
  #socket: Socket | undefined;
  #received = Buffer.alloc(0);
  #timer: NodeJS.Timeout | undefined;
  #isDead = false;
  /** True once this connection has brought an answer. */
  #hasAnswered = false;
  /** Who waits for the first connection, while it is made. */
  #opening: { readonly done: () => void; readonly failed: (error: ResolveError) => void } | undefined;
  /** Questions without an answer yet. Answers come in their order. */
  readonly #waiting: Question[] = [];

  constructor(options: WhoisOptions) {
    this.#options = options;
  }

  /**
   * Connects, and says nothing where it cannot.
   * @throws ResolveError with the reason: a name without an address, or the system's words about the connection
   */
  async open(): Promise<void> {
    if (this.#socket || this.#isDead) return;
    await new Promise<void>((done, failed) => {
      this.#opening = { done, failed };
      this.#restartTimer();
      this.#connect();
    });
  }

  /** The AS of the most specific route of an address; undefined when the server does not tell. */
  originOf(address: Address): Promise<number | undefined> {
    if (this.#isDead) return Promise.resolve(undefined);
    const [host = ''] = address.split('%', 1);
    const query = `!r${host}/${familyOf(address) === 4 ? 32 : 128},l\n`;
    return new Promise((answer) => {
      this.#waiting.push({ query, answer });
      if (this.#waiting.length === 1) this.#restartTimer();
      if (this.#socket) this.#socket.write(query);
      else this.#connect();
    });
  }

  /** Ends the connection. Questions that still wait get undefined. */
  close(): void {
    this.#isDead = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
    this.#opened();
    for (const { answer } of this.#waiting.splice(0)) answer(undefined);
  }

  #fail(reason: string): void {
    const { host, warn } = this.#options;
    if (this.#opening) this.#opening.failed(new ResolveError(reason));
    else if (!this.#isDead) warn?.(`no AS numbers from ${sanitiseName(host)}: ${reason} (-a asks DNS)`);
    this.close();
  }

  #connect(): void {
    const { host, port } = this.#options;
    let reason = 'it ends the connection';
    let failing = 'connect: ';
    // the socket tries all addresses of the name, one after the other. RFC 8305
    const socket = connect({ host, port, lookup: this.#lookup, autoSelectFamily: true });
    this.#socket = socket;
    this.#received = Buffer.alloc(0);
    this.#hasAnswered = false;
    socket.on('connect', () => {
      failing = '';
      this.#opened();
    });
    socket.on('data', (octets) => {
      this.#receive(octets);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // the resolver's errors about a name have no code
      reason = error.code === undefined ? error.message : failing + errorOfCode(error).message;
      socket.destroy();
    });
    socket.on('close', () => {
      this.#disconnected(reason);
    });
    socket.write([KEEP_OPEN, ...this.#waiting.map(({ query }) => query)].join(''));
  }

  #opened(): void {
    this.#opening?.done();
    this.#opening = undefined;
    if (!this.#isDead) this.#restartTimer();
  }

  #disconnected(reason: string): void {
    this.#socket = undefined;
    if (this.#waiting.length === 0 && !this.#opening) return;
    if (this.#hasAnswered) this.#connect();
    else this.#fail(reason);
  }

  #receive(octets: Buffer): void {
    this.#received = Buffer.concat([this.#received, octets]);
    try {
      for (let reply = firstReply(this.#received); reply; reply = firstReply(this.#received)) {
        this.#received = this.#received.subarray(reply.length);
        this.#hasAnswered = true;
        this.#waiting.shift()?.answer(whoisOrigin(reply.data));
        this.#restartTimer();
      }
    } catch {
      this.#fail('not a whois server');
    }
  }

  #restartTimer(): void {
    clearTimeout(this.#timer);
    if (this.#waiting.length === 0 && !this.#opening) return;
    const { timeoutMs } = this.#options;
    this.#timer = setTimeout(() => {
      this.#fail(`${this.#opening ? 'connect: ' : ''}no answer within ${timeoutMs / MS_PER_S} s`);
    }, timeoutMs);
  }

  readonly #lookup: LookupFunction = (name, _options, callback) => {
    this.#options.addressesOf(name).then(
      (addresses) => {
        callback(
          null,
          addresses.map((address) => ({ address, family: familyOf(address) })),
        );
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error(String(error)), []);
      },
    );
  };
}
