/** One TCP SYN, sent by a connect that nobody waits for. */
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
/** struct linger of no time: closing an open connection sends a RST, as a kernel does that knows of none. socket(7) */
const LINGER_NOT = Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0]);
const EINPROGRESS = 115;
const ECONNRESET = 104;
const ECONNREFUSED = 111;

/** The kernel gives a connect up after so many SYNs that it wanted to send again: the most, longer than a day. */
const TCP_SYNCNT = 7;
const MOST_SYNS = 127;

/** struct tcp_info. linux/tcp.h */
const TCP_INFO = 11;
const INFO = { state: 0, rttUs: 68, retransmissions: 100, size: 104 } as const;
/** TCP_ESTABLISHED, and TCP_CLOSE_WAIT of a target that has said all at once. netinet/tcp.h */
const CONNECTED: ReadonlySet<number> = new Set([1, 8]);
const US_PER_MS = 1000;

export class Connection {
  readonly sentAtMs: number;
  readonly #probe: OutgoingDatagram;
  readonly #socket: ProbeSocket;

  /**
   * Sends the SYN.
   * @param ownPort - whether it leaves from the port that the probe says, and not from any that is free
   * @throws TransportError when the system refuses
   */
  constructor({ libc, outbox, dontRoute }: SocketTools, probe: OutgoingDatagram, ownPort: boolean) {
    this.#probe = probe;
    this.#socket = new ProbeSocket(libc, probe.family, SOCK.STREAM, 0, dontRoute);
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
   * What became of it, as the segment or the ICMP error that told; undefined when it was told in neither way.
   * @param readyMs - when the socket was found to be ready: the kernel has no stamp of a RST
   */
  outcome(reader: MessageReader, readyMs: number): ReceivedDatagram | undefined {
    const [message] = errorsOf(reader, this.fd);
    if (message) return icmpError(this.#probe, message.error, message.octets, message);
    const error = this.#socket.option(SOL.SOCKET, SO.ERROR, 4).getInt32(0, true);
    if (error === ECONNREFUSED) {
      return tcpAnswer(this.#probe, 'closed', { atMs: readyMs, precision: 'user' });
    }
    // reset: accepted, and then not
    if (error !== ECONNRESET && !this.#isConnected()) return undefined;
    endDiversion(this.#socket);
    return this.#accepted(readyMs);
  }

  close(): void {
    this.#socket.close();
  }

  #prepare(ownPort: boolean): void {
    const { source, zone, payload } = this.#probe;
    // the port is reserved for the run, and may be that of other probes to other ports
    if (ownPort) this.#socket.setOption(SOL.SOCKET, SO.REUSEADDR, 1);
    this.#socket.bind(source, ownPort ? decodeTcpStart(payload).sourcePort : 0, zone);
    this.#socket.dress(this.#probe);
    this.#socket.setOctets(SOL.SOCKET, SO_LINGER, LINGER_NOT);
    this.#socket.setOption(SOL.TCP, TCP_SYNCNT, MOST_SYNS);
  }

  #isConnected(): boolean {
    return CONNECTED.has(this.#socket.option(SOL.TCP, TCP_INFO, INFO.size).getUint8(INFO.state));
  }

  /** The round trip as the kernel has measured it, from SYN to SYN-ACK, unless it takes the SYN for sent again. */
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
