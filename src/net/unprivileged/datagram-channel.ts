/** Sends the probes of one local port through a datagram socket: UDP, UDP-Lite, or ICMP echo over a ping socket. */
import type { OutgoingDatagram, ReceivedDatagram, SendResult } from '../../ports/transport.ts';
import { IP_PROTOCOL } from '../../wire/codes.ts';
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
/** Level and option of UDP-Lite's checksum coverage. udplite(7) */
const SOL_UDPLITE = 136;
const UDPLITE_SEND_CSCOV = 10;
/** A send may fail once with the ICMP error of an earlier probe, and sends nothing then. ip(7), IP_RECVERR */
const SEND_TRIES = 4;

/** A socket, and the probes that it has sent. */
export class DatagramChannel {
  readonly #tools: SocketTools;
  readonly #kind: DatagramKind;
  readonly #protocol: number;
  readonly #localPort: number;
  readonly #socket: ProbeSocket;
  /** Probes, by their keys. */
  readonly #sent = new Map<number, OutgoingDatagram>();

  /**
   * @param first - the first probe; all others share its source, local port and protocol
   * @param ownPort - true to send from the probes' port, false to send from any that is free
   * @throws TransportError when the system refuses
   */
  constructor(tools: SocketTools, kind: DatagramKind, first: OutgoingDatagram, ownPort: boolean) {
    const { libc, routing } = tools;
    this.#tools = tools;
    this.#kind = kind;
    this.#protocol = first.protocol;
    this.#localPort = kind.probe(first.payload).localPort;
    this.#socket = new ProbeSocket(libc, first.family, SOCK.DGRAM, first.protocol, routing);
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

  /** True when an answer to this probe could pass for one to an earlier probe. */
  isTaken({ payload }: OutgoingDatagram): boolean {
    return this.#sent.has(this.#kind.probe(payload).key);
  }

  /** Sends a probe. @throws TransportError when the system refuses a field of its header */
  send(datagram: OutgoingDatagram): SendResult {
    const probe = this.#kind.probe(datagram.payload);
    this.#socket.dress(datagram);
    this.#setChecksum(datagram);
    this.#sent.set(probe.key, datagram);
    const result = this.#sendOnce(datagram, probe);
    if (result.status !== 'sent') this.#sent.delete(probe.key);
    return result;
  }

  /** Errors and answers that came since the last call. */
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

  /** The only probe: a quote is of it even if a router on the way changed what it is known by. */
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
