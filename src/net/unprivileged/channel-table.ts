/** The datagram sockets of a run, by the local port of their probes. */
import type { OutgoingDatagram, SendResult } from '../../ports/transport.ts';
import { isOutOfFiles, TransportError } from '../../model/errors.ts';
import { DatagramChannel } from './datagram-channel.ts';
import { datagramKind, type DatagramKind } from './datagram-kind.ts';
import { EPOLL } from '../linux/interest-list.ts';
import type { SocketTools } from './socket-tools.ts';

/** Sockets of a single probe. Beyond this number the oldest is closed: its answer will not come any more. */
const MOST_SPARES = 512;

/** Opens a socket for each local port, and finds it again by its descriptor. */
export class ChannelTable {
  readonly #tools: SocketTools;
  readonly #byPort = new Map<string, DatagramChannel>();
  readonly #byFd = new Map<number, DatagramChannel>();
  /** Channels of a single probe each, the oldest first. */
  readonly #spares = new Set<DatagramChannel>();

  constructor(tools: SocketTools) {
    this.#tools = tools;
  }

  /** The channel of a descriptor; undefined when it is no channel's. */
  of(fd: number): DatagramChannel | undefined {
    return this.#byFd.get(fd);
  }

  /** Sends a probe. @throws TransportError when the system refuses a socket or an option */
  send(datagram: OutgoingDatagram): SendResult {
    const kind = datagramKind(datagram.protocol);
    if (!kind) throw new TransportError('EINVAL', `no socket for IP protocol ${datagram.protocol}`);
    return this.#channel(kind, datagram).send(datagram);
  }

  close(): void {
    for (const channel of this.#byFd.values()) channel.close();
  }

  /**
   * The channel of the probe's local port. A probe with the same ports as an earlier one, as in a flow that load
   * balancers shall see as one, gets a socket and port of its own: an error tells nothing else to know it by.
   */
  #channel(kind: DatagramKind, datagram: OutgoingDatagram): DatagramChannel {
    const { protocol, source, payload } = datagram;
    const key = `${protocol} ${kind.probe(payload).localPort} ${source.join('.')}`;
    const channel = this.#byPort.get(key);
    if (channel?.isTaken(datagram)) return this.#openSpare(kind, datagram);
    if (channel) return channel;
    const opened = this.#open(kind, datagram, true);
    this.#byPort.set(key, opened);
    return opened;
  }

  #openSpare(kind: DatagramKind, datagram: OutgoingDatagram): DatagramChannel {
    const spare = this.#open(kind, datagram, false);
    this.#spares.add(spare);
    const [oldest] = this.#spares;
    if (oldest && this.#spares.size > MOST_SPARES) {
      this.#close(oldest);
    }
    return spare;
  }

  #open(kind: DatagramKind, first: OutgoingDatagram, ownPort: boolean): DatagramChannel {
    const channel = this.#make(kind, first, ownPort);
    this.#byFd.set(channel.fd, channel);
    this.#tools.interests.add(channel.fd, EPOLL.IN);
    return channel;
  }

  /** Where the process may open no more files, the oldest channel makes room: it is the least likely to hear more. */
  #make(kind: DatagramKind, first: OutgoingDatagram, ownPort: boolean): DatagramChannel {
    try {
      return new DatagramChannel(this.#tools, kind, first, ownPort);
    } catch (error) {
      const [oldest] = this.#byFd.values();
      if (!oldest || !isOutOfFiles(error)) throw error;
      for (const [key, known] of this.#byPort) if (known === oldest) this.#byPort.delete(key);
      this.#close(oldest);
      return new DatagramChannel(this.#tools, kind, first, ownPort);
    }
  }

  #close(channel: DatagramChannel): void {
    this.#spares.delete(channel);
    this.#byFd.delete(channel.fd);
    channel.close();
  }
}
