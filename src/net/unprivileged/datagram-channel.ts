/** The probes of one local port over a datagram socket: UDP, UDP-Lite, or ICMP echo over a ping socket. */
import type { OutgoingDatagram, ReceivedDatagram, SendResult } from '../../ports/transport.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import { decodeUdp } from '../../wire/udp.ts';
import { SOCK, SOL } from '../linux/constants.ts';
import { zonedAddress } from '../host/interfaces.ts';
import { refusedSend } from '../transport-errors.ts';
import { handOverUdpPort } from '../host/udp-reservations.ts';
import type { Message } from '../linux/message-reader.ts';
import type { DatagramKind, SocketProbe } from './datagram-kind.ts';
import { errorsOf, messagesOf, type ErrorMessage } from '../linux/error-queue.ts';
import { ProbeSocket } from './probe-socket.ts';
import type { SocketTools } from './socket-tools.ts';
import { asQuoted, factsOf, icmpError } from './synthesis.ts';
import { nowMs } from '../monotonic-clock.ts';

const SO_NO_CHECK = 11;
/** Level and option for how much of a datagram UDP-Lite's checksum covers. udplite(7) */
const SOL_UDPLITE = 136;
const UDPLITE_SEND_CSCOV = 10;
/** An ICMP error for an earlier probe is told by the next send, once, in place of sending. ip(7), IP_RECVERR */
const SEND_TRIES = 4;

export class DatagramChannel {
  readonly #tools: SocketTools;
  readonly #kind: DatagramKind;
  readonly #protocol: number;
  readonly #localPort: number;
  readonly #socket: ProbeSocket;
  /** The probes by their keys. */
  readonly #sent = new Map<number, OutgoingDatagram>();

  /**
   * @param first - the first probe: all have its source, local port and protocol
   * @param ownPort - whether they leave from that port, and not from any that is free
   * @throws TransportError when the system refuses
   */
  constructor(tools: SocketTools, kind: DatagramKind, first: OutgoingDatagram, ownPort: boolean) {
    const { libc, dontRoute } = tools;
    this.#tools = tools;
    this.#kind = kind;
    this.#protocol = first.protocol;
    this.#localPort = kind.probe(first.payload).localPort;
    this.#socket = new ProbeSocket(libc, first.family, SOCK.DGRAM, first.protocol, dontRoute);
    try {
      if (ownPort && first.protocol === IP_PROTOCOL.udp) handOverUdpPort(this.#localPort);
      this.#socket.bind(first.source, ownPort ? this.#localPort : 0, first.zone);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get fd(): number {
    return this.#socket.fd;
  }

  /** Whether an answer to this probe could be taken for one to a probe that was sent before. */
  isTaken({ payload }: OutgoingDatagram): boolean {
    return this.#sent.has(this.#kind.probe(payload).key);
  }

  /** @throws TransportError when the system does not take one of its header's fields */
  send(datagram: OutgoingDatagram): SendResult {
    const probe = this.#kind.probe(datagram.payload);
    this.#socket.dress(datagram);
    this.#setChecksum(datagram);
    this.#sent.set(probe.key, datagram);
    const result = this.#sendOnce(datagram, probe);
    if (result.status !== 'sent') this.#sent.delete(probe.key);
    return result;
  }

  /** What has come since the last call. */
  drain(): ReceivedDatagram[] {
    const { reader } = this.#tools;
    const errors = errorsOf(reader, this.fd).flatMap((message) => this.#error(message) ?? []);
    return [...errors, ...messagesOf(reader, this.fd).map((message) => this.#answer(message))];
  }

  close(): void {
    this.#socket.close();
  }

  #sendOnce(datagram: OutgoingDatagram, { data, remotePort }: SocketProbe): SendResult {
    const { libc, outbox } = this.#tools;
    const { fd } = this.#socket;
    outbox.fill(this.#socket.destinationOf(datagram, remotePort), datagram.flowLabel, data);
    let result: SendResult = { status: 'busy' };
    for (let tries = 0; tries < SEND_TRIES; tries++) {
      outbox.rehearse(fd);
      const atMs = nowMs();
      const sent = outbox.sendto(fd);
      if (sent >= 0) return { status: 'sent', atMs };
      result = refusedSend(libc.errorOf(sent));
      if (result.status === 'busy') return result;
    }
    return result;
  }

  #setChecksum({ family, protocol, payload }: OutgoingDatagram): void {
    if (protocol === IP_PROTOCOL.udp && family === 4) {
      this.#socket.setOption(SOL.SOCKET, SO_NO_CHECK, decodeUdp(payload).checksum === 0 ? 1 : 0);
    } else if (protocol === IP_PROTOCOL.udplite) {
      this.#socket.setOption(SOL_UDPLITE, UDPLITE_SEND_CSCOV, decodeUdp(payload).lengthOrCoverage);
    }
  }

  #error(message: ErrorMessage): ReceivedDatagram | undefined {
    const probe = this.#sent.get(this.#kind.keyOf(message)) ?? this.#onlyProbe();
    return probe && icmpError(asQuoted(probe, message.source), message.error, message.octets, message);
  }

  /** The probe that a quote is of although a router on the way has changed what it is known by. */
  #onlyProbe(): OutgoingDatagram | undefined {
    return this.#sent.size === 1 ? this.#sent.values().next().value : undefined;
  }

  #answer(message: Message): ReceivedDatagram {
    return {
      family: this.#socket.family,
      protocol: this.#protocol,
      source: zonedAddress(message.source),
      octets: this.#kind.answer(message, this.#localPort),
      hasHeader: false,
      ...factsOf(message),
    };
  }
}
