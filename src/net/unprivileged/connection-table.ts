/** The TCP probes that are in flight, each a socket of its own. */
import type { OutgoingDatagram, ReceivedDatagram, SendResult } from '../../ports/transport.ts';
import { isOutOfFiles } from '../../model/errors.ts';
import { decodeTcpStart } from '../../wire/tcp.ts';
import { Connection } from './connection.ts';
import { canBeDiverted } from './diversion.ts';
import { EPOLL } from '../linux/interest-list.ts';
import type { SocketTools } from './socket-tools.ts';
import { nowMs } from '../monotonic-clock.ts';
import { failedSend } from '../transport-errors.ts';

/** Connections. Beyond this number the oldest is closed, answered or not. */
const MOST_OPEN = 1024;
/** The kernel sends a SYN again after a second (RFC 6298 section 2): before that, what cannot be diverted is closed. */
const UNDIVERTED_MS = 900;

/** Opens a connection for each probe, and closes it when it is answered, too old, or one too many. */
export class ConnectionTable {
  readonly #tools: SocketTools;
  /** By descriptor, the oldest first. No other connection may have the same path meanwhile. */
  readonly #open = new Map<number, { readonly connection: Connection; readonly path: string }>();
  readonly #paths = new Set<string>();
  /** Results of `canBeDiverted`, by source and destination. */
  readonly #canBeDiverted = new Map<string, boolean>();
  /** Connections that cannot be diverted, by descriptor, the oldest first. */
  readonly #undiverted = new Map<number, Connection>();
  #timer: NodeJS.Timeout | undefined;

  constructor(tools: SocketTools) {
    this.#tools = tools;
  }

  /** Sends a TCP SYN. */
  send(probe: OutgoingDatagram): SendResult {
    const { interests } = this.#tools;
    const path = pathOf(probe);
    const ownPort = !this.#paths.has(path);
    let connection: Connection | undefined;
    try {
      connection = this.#connect(probe, ownPort);
      interests.add(connection.fd, EPOLL.OUT);
    } catch (error) {
      connection?.close();
      return failedSend(error);
    }
    if (ownPort) this.#paths.add(path);
    this.#open.set(connection.fd, { connection, path: ownPort ? path : '' });
    this.#limit(connection, probe);
    return { status: 'sent', atMs: connection.sentAtMs };
  }

  /** Where the process may open no more files, the oldest connection makes room: it is the least likely to be answered. */
  #connect(probe: OutgoingDatagram, ownPort: boolean): Connection {
    try {
      return new Connection(this.#tools, probe, ownPort);
    } catch (error) {
      const [oldest] = this.#open.keys();
      if (oldest === undefined || !isOutOfFiles(error)) throw error;
      this.#forget(oldest);
      return new Connection(this.#tools, probe, ownPort);
    }
  }

  /** Reads the outcome of a connection that is ready, and closes it. */
  drain(fd: number, readyMs: number): ReceivedDatagram[] {
    const outcome = this.#open.get(fd)?.connection.outcome(this.#tools.reader, readyMs);
    this.#forget(fd);
    return outcome ? [outcome] : [];
  }

  close(): void {
    for (const fd of this.#open.keys()) this.#forget(fd);
    clearTimeout(this.#timer);
  }

  #forget(fd: number): void {
    const entry = this.#open.get(fd);
    if (!entry) return;
    this.#open.delete(fd);
    this.#undiverted.delete(fd);
    this.#paths.delete(entry.path);
    entry.connection.close();
  }

  /** Makes sure that a connection is closed some day. */
  #limit(connection: Connection, probe: OutgoingDatagram): void {
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size > MOST_OPEN) this.#forget(oldest);
    const key = `${probe.source.join('.')} ${probe.destination.join('.')}`;
    const known = this.#canBeDiverted.get(key) ?? canBeDiverted(this.#tools, probe);
    this.#canBeDiverted.set(key, known);
    if (known) return;
    this.#undiverted.set(connection.fd, connection);
    this.#schedule();
  }

  #schedule(): void {
    const [oldest] = this.#undiverted.values();
    if (!oldest || this.#timer) return;
    const leftMs = oldest.sentAtMs + UNDIVERTED_MS - nowMs();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#expire();
    }, Math.ceil(leftMs));
  }

  #expire(): void {
    const beforeMs = nowMs() - UNDIVERTED_MS;
    for (const [fd, { sentAtMs }] of this.#undiverted) {
      if (sentAtMs > beforeMs) break;
      this.#forget(fd);
    }
    this.#schedule();
  }
}

/** Addresses and ports, by which the kernel tells connections apart. */
function pathOf({ source, destination, payload }: OutgoingDatagram): string {
  const { sourcePort, destinationPort } = decodeTcpStart(payload);
  return `${source.join('.')} ${sourcePort} ${destination.join('.')} ${destinationPort}`;
}
