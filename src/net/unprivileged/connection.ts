/** Sends one TCP SYN, by a connect that nobody waits for. */
import type { OutgoingDatagram, ReceivedDatagram } from '../../ports/transport.ts';
import { decodeTcpStart } from '../../wire/tcp.ts';
import { SO, SOCK, SOL } from '../linux/constants.ts';
import type { MessageReader } from '../linux/message-reader.ts';
import { divert, endDiversion } from './diversion.ts';
import { errorsOf } from '../linux/error-queue.ts';
import { ProbeSocket } from './probe-socket.ts';
import type { SocketTools } from './socket-tools.ts';
import { icmpError, tcpAnswer } from './synthesis.ts';
import { nowMs } from '../monotonic-clock.ts';

const SO_LINGER = 13;
/**
 * struct linger of no time: to close an open connection sends a RST, as a kernel does that knows no connection.
 * socket(7)
 */
const LINGER_NOT = Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0]);
const EINPROGRESS = 115;
const ECONNRESET = 104;
const ECONNREFUSED = 111;

/** Number of SYNs that the kernel repeats before it gives up. The most takes longer than a day. tcp(7) */
const TCP_SYNCNT = 7;
const MOST_SYNS = 127;

/** struct tcp_info. linux/tcp.h */
const TCP_INFO = 11;
const INFO = { state: 0, rttUs: 68, retransmissions: 100, size: 104 } as const;
/** TCP_ESTABLISHED, and TCP_CLOSE_WAIT of a target that has said all at once. netinet/tcp.h */
const CONNECTED: ReadonlySet<number> = new Set([1, 8]);
const US_PER_MS = 1000;

/** A probe that is a SYN, and the socket that has sent it. */
export class Connection {
  /** Right before the system call, on the scale of `nowMs()`. */
  readonly sentAtMs: number;
  readonly #probe: OutgoingDatagram;
  readonly #socket: ProbeSocket;

  /**
   * Sends the SYN.
   * @param ownPort - true to send from the probe's port, false to send from any that is free
   * @throws TransportError when the system refuses
   */
  constructor({ libc, outbox, routing }: SocketTools, probe: OutgoingDatagram, ownPort: boolean) {
    this.#probe = probe;
    this.#socket = new ProbeSocket(libc, probe.family, SOCK.STREAM, 0, routing);
    try {
      this.#prepare(ownPort);
      const { destinationPort } = decodeTcpStart(probe.payload);
      outbox.fill(this.#socket.destinationOf(probe, destinationPort), probe.flowLabel);
      const { fd } = this.#socket;
      this.sentAtMs = nowMs();
      const result = outbox.connect(fd);
      if (result !== -EINPROGRESS) libc.check(result);
      divert(this.#socket, probe);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get fd(): number {
    return this.#socket.fd;
  }

  /**
   * The segment or the ICMP error that answered; undefined when the socket got neither.
   * @param readyMs - the time at which the socket was found ready: the kernel has no stamp for a RST
   * @throws TransportError when the system refuses
   */
  outcome(reader: MessageReader, readyMs: number): ReceivedDatagram | undefined {
    const [message] = errorsOf(reader, this.fd);
    if (message) return icmpError(this.#probe, message.error, message.octets, message);
    const error = this.#socket.option(SOL.SOCKET, SO.ERROR, 4).getInt32(0, true);
    if (error === ECONNREFUSED) {
      return tcpAnswer(this.#probe, 'closed', { atMs: readyMs, precision: 'user' });
    }
    // ECONNRESET: the target accepted, then reset
    if (error !== ECONNRESET && !this.#isConnected()) return undefined;
    endDiversion(this.#socket);
    return this.#accepted(readyMs);
  }

  close(): void {
    this.#socket.close();
  }

  #prepare(ownPort: boolean): void {
    const { source, zone, payload } = this.#probe;
    // the port is reserved for the run, and probes to other ports may share it
    if (ownPort) this.#socket.setOption(SOL.SOCKET, SO.REUSEADDR, 1);
    this.#socket.bind(source, ownPort ? decodeTcpStart(payload).sourcePort : 0, zone);
    this.#socket.dress(this.#probe);
    this.#socket.setOctets(SOL.SOCKET, SO_LINGER, LINGER_NOT);
    this.#socket.setOption(SOL.TCP, TCP_SYNCNT, MOST_SYNS);
  }

  #isConnected(): boolean {
    return CONNECTED.has(this.#socket.option(SOL.TCP, TCP_INFO, INFO.size).getUint8(INFO.state));
  }

  /** Takes the kernel's own round-trip time from SYN to SYN-ACK, unless the kernel believes that it repeated the SYN. */
  #accepted(readyMs: number): ReceivedDatagram {
    const info = this.#socket.option(SOL.TCP, TCP_INFO, INFO.size);
    const atMs = this.sentAtMs + info.getUint32(INFO.rttUs, true) / US_PER_MS;
    const isMeasured = info.getUint32(INFO.retransmissions, true) === 0;
    const facts = isMeasured
      ? { atMs, precision: 'kernel' as const }
      : { atMs: readyMs, precision: 'user' as const };
    return tcpAnswer(this.#probe, 'open', facts);
  }
}
