/** The portable transport: raw sockets that take whole IP datagrams. */
import type { RawSocketPackage } from 'raw-socket';
import { encodeDatagram } from '../../engine/encode-datagram.ts';
import type {
  OutgoingDatagram,
  RawOptions,
  ReceivedDatagram,
  SendResult,
  Transport,
} from '../../ports/transport.ts';
import { addressOf, withZone, type Family } from '../../model/address.ts';
import { TransportError } from '../../model/errors.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import { IP, IPPROTO_RAW, IPV6, PMTUDISC, SOL } from '../linux/constants.ts';
import { openFamilies } from '../open-families.ts';
import { requirePackage } from '../optional-package.ts';
import { RawHandle } from './raw-handle.ts';
import { nowMs } from '../monotonic-clock.ts';
import { refusedSend } from '../transport-errors.ts';

/** Room for the replies to a few hundred probes that come all at once. */
const RECEIVE_BUFFER_LENGTH = 1 << 20;
/** Not named by the package. Linux's asm-generic/socket.h; sys/socket.h of the BSDs. */
const SO_DONTROUTE = process.platform === 'linux' ? 5 : 0x10;
const SO_DEBUG = 1;

interface Receiver {
  readonly handle: RawHandle;
  readonly family: Family;
  readonly protocol: number;
}

export class RawTransport implements Transport {
  readonly name = 'raw-socket';
  readonly #senders = new Map<Family, RawHandle>();
  readonly #receivers: Receiver[] = [];
  #isOpen = true;

  /**
   * @throws TransportError when a socket cannot be opened
   * @throws UnavailableError when raw-socket is not installed
   */
  constructor(options: RawOptions) {
    const raw = requirePackage('raw-socket') as RawSocketPackage; // what require answers has no type
    try {
      openFamilies(options.families, (family) => {
        this.#open(raw, family, options);
      });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  send(datagram: OutgoingDatagram): SendResult {
    if (!this.#isOpen) throw new TransportError('EINVAL', 'the transport is closed');
    const octets = encodeDatagram(datagram);
    const address = withZone(addressOf(datagram.destination), datagram.zone);
    const sender = this.#senders.get(datagram.family);
    if (!sender) throw new TransportError('EINVAL', `no socket for IPv${datagram.family} was opened`);
    const atMs = nowMs();
    try {
      sender.send(octets, address);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      return refusedSend(error);
    }
    return { status: 'sent', atMs };
  }

  receive(): readonly ReceivedDatagram[] {
    return this.#receivers.flatMap((receiver) => drain(receiver)).sort((a, b) => a.atMs - b.atMs);
  }

  onReadable(callback: () => void): void {
    for (const { handle } of this.#receivers) handle.onReadable(callback);
  }

  close(): void {
    this.#isOpen = false;
    for (const handle of this.#senders.values()) handle.close();
    for (const { handle } of this.#receivers) handle.close();
  }

  #open(raw: RawSocketPackage, family: Family, { protocols, dontRoute, debug }: RawOptions): void {
    const { SocketLevel, SocketOption } = raw;
    const sender = new RawHandle(raw, family, IPPROTO_RAW);
    this.#senders.set(family, sender);
    sender.ignoreInput();
    if (family === 4) sender.setOption(SocketLevel.IPPROTO_IP, SocketOption.IP_HDRINCL, 1);
    if (process.platform === 'linux') {
      if (family === 4) sender.setOption(SOL.IP, IP.MTU_DISCOVER, PMTUDISC.probe);
      else sender.setOption(SOL.IPV6, IPV6.MTU_DISCOVER, PMTUDISC.probe);
    }
    if (dontRoute) sender.setOption(SocketLevel.SOL_SOCKET, SO_DONTROUTE, 1);
    if (debug) sender.setOption(SocketLevel.SOL_SOCKET, SO_DEBUG, 1);
    const icmp = family === 4 ? IP_PROTOCOL.icmp : IP_PROTOCOL.icmpv6;
    for (const protocol of new Set([icmp, ...protocols])) {
      const handle = new RawHandle(raw, family, protocol);
      this.#receivers.push({ handle, family, protocol });
      handle.setOption(SocketLevel.SOL_SOCKET, SocketOption.SO_RCVBUF, RECEIVE_BUFFER_LENGTH);
    }
  }
}

/** Everything that waits on one socket. */
function drain({ handle, family, protocol }: Receiver): ReceivedDatagram[] {
  const datagrams: ReceivedDatagram[] = [];
  for (let message = handle.receive(); message; message = handle.receive()) {
    const { octets, source } = message;
    const atMs = nowMs();
    datagrams.push({ family, protocol, source, octets, hasHeader: family === 4, atMs, precision: 'user' });
  }
  return datagrams;
}
