/** The portable transport: raw sockets of the package raw-socket. */
import type { RawSocketPackage } from 'raw-socket';
import type {
  OutgoingDatagram,
  RawOptions,
  ReceivedDatagram,
  SendResult,
  Transport,
} from '../../ports/transport.ts';
import type { Family } from '../../model/address.ts';
import { UsageError } from '../../model/errors.ts';
import { IP_PROTOCOL } from '../../wire/codes.ts';
import { heardProtocols } from '../heard-protocols.ts';
import { setMark } from '../linux/mark.ts';
import { IP, IPPROTO_RAW, IPV6, PMTUDISC, SO, SOL } from '../linux/constants.ts';
import { nowMs } from '../monotonic-clock.ts';
import { openFamilies } from '../open-families.ts';
import { requirePackage } from '../optional-package.ts';
import { failedSend, noSocketFor, refuseClosed } from '../transport-errors.ts';
import { fromSocket, WIRE_FORM, type HeaderForm } from './header-form.ts';
import { findHeaderForm } from './header-probe.ts';
import { PayloadOutlet, WholeOutlet, type Outlet } from './outlet.ts';
import { RawHandle } from './raw-handle.ts';
import { rawSystem, type Ipv6FieldOptions, type RawSystem } from './raw-system.ts';

/** Room for the replies to a few hundred probes that come all at once, in octets. */
const RECEIVE_BUFFER_LENGTH = 1 << 20;
/** Linux's asm-generic/socket.h; sys/socket.h of the BSDs. */
const SO_DEBUG = 1;

/** A socket that receives the messages of one protocol. */
interface Inlet {
  readonly handle: RawHandle;
  readonly family: Family;
  readonly protocol: number;
}

/** Sends whole probes on any system. This program stamps arrivals when it reads them. */
export class RawTransport implements Transport {
  readonly name = 'raw-socket';
  readonly #raw: RawSocketPackage;
  readonly #system: RawSystem;
  readonly #options: RawOptions;
  readonly #handles: RawHandle[] = [];
  readonly #inlets: Inlet[] = [];
  /** By family, or where a protocol needs a socket of its own by family and protocol. */
  readonly #outlets = new Map<string, Outlet>();
  #headerForm = WIRE_FORM;
  #isOpen = true;

  /**
   * @param system - whose ways the raw sockets have
   * @throws TransportError when a socket cannot be opened
   * @throws UnavailableError when raw-socket is not installed
   */
  constructor(options: RawOptions, system: RawSystem = rawSystem()) {
    this.#raw = requirePackage('raw-socket') as RawSocketPackage; // what require returns has no type
    this.#system = system;
    this.#options = options;
    try {
      openFamilies(options.families, (family) => {
        this.#open(family);
      });
    } catch (error) {
      this.close();
      throw error;
    }
    if (!system.hearsTcp && options.protocols.includes(IP_PROTOCOL.tcp)) {
      options.warn?.(`${system.name} gives raw sockets no TCP: answers of the target itself are not seen`);
    }
  }

  send(datagram: OutgoingDatagram): SendResult {
    refuseClosed(this.#isOpen);
    const { family, protocol } = datagram;
    const outlet = this.#outlets.get(`${family}`) ?? this.#outlets.get(`${family} ${protocol}`);
    if (!outlet) throw noSocketFor(family, protocol);
    try {
      return outlet.send(datagram);
    } catch (error) {
      return failedSend(error);
    }
  }

  receive(): readonly ReceivedDatagram[] {
    const received = this.#inlets.flatMap((inlet) => drain(inlet, this.#headerForm));
    return received.sort((a, b) => a.atMs - b.atMs);
  }

  onReadable(callback: () => void): void {
    for (const { handle } of this.#inlets) handle.onReadable(callback);
  }

  close(): void {
    this.#isOpen = false;
    for (const handle of this.#handles) handle.close();
  }

  #open(family: Family): void {
    const { ipv6Fields } = this.#system;
    const sender = family === 4 || !ipv6Fields ? this.#openWholeSender(family) : undefined;
    const heard = heardProtocols(family, this.#options.protocols);
    for (const protocol of heard) {
      const handle = this.#openHandle(family, protocol);
      handle.growBuffer(
        this.#raw.SocketLevel.SOL_SOCKET,
        this.#raw.SocketOption.SO_RCVBUF,
        RECEIVE_BUFFER_LENGTH,
      );
      this.#inlets.push({ handle, family, protocol });
    }
    if (sender) this.#outlets.set(`${family}`, new WholeOutlet(sender, this.#formFor(family, sender)));
    else if (ipv6Fields) this.#openPayloadOutlets(heard, ipv6Fields);
  }

  #openHandle(family: Family, protocol: number): RawHandle {
    const handle = new RawHandle(this.#raw, family, protocol);
    this.#handles.push(handle);
    return handle;
  }

  /** A socket that sends what it is given, IP header included, and receives nothing. */
  #openWholeSender(family: Family): RawHandle {
    const { SocketLevel, SocketOption } = this.#raw;
    const sender = this.#openHandle(family, IPPROTO_RAW);
    sender.ignoreInput();
    if (family === 4) sender.setOption(SocketLevel.IPPROTO_IP, SocketOption.IP_HDRINCL, 1);
    if (this.#system.discoversMtu) {
      if (family === 4) sender.setOption(SOL.IP, IP.MTU_DISCOVER, PMTUDISC.probe);
      else sender.setOption(SOL.IPV6, IPV6.MTU_DISCOVER, PMTUDISC.probe);
    }
    this.#setSendOptions(sender);
    return sender;
  }

  #setSendOptions(sender: RawHandle): void {
    const { SocketLevel, SocketOption } = this.#raw;
    const { dontRoute, sendBufferLength, bindsToDevice } = this.#system;
    const { device, mark } = this.#options;
    if (this.#options.dontRoute) sender.setOption(SocketLevel.SOL_SOCKET, dontRoute, 1);
    if (this.#options.debug) sender.setOption(SocketLevel.SOL_SOCKET, SO_DEBUG, 1);
    if (bindsToDevice && device !== undefined) {
      sender.setOctets(SOL.SOCKET, SO.BINDTODEVICE, new TextEncoder().encode(`${device}\0`));
    }
    if (mark !== undefined) this.#mark(sender, mark);
    if (sendBufferLength === undefined) return;
    sender.growBuffer(SocketLevel.SOL_SOCKET, SocketOption.SO_SNDBUF, sendBufferLength);
  }

  /** @throws UsageError where the system has no marks, or the user lacks the right */
  #mark(sender: RawHandle, mark: number): void {
    if (!this.#system.bindsToDevice) throw new UsageError(`--mark ${mark}: only Linux marks packets`);
    setMark(sender, mark);
  }

  /** The form of IPv4 headers, which the first inlet, that of ICMP, helps to find. */
  #formFor(family: Family, sender: RawHandle): HeaderForm {
    const icmp = this.#inlets.find((inlet) => inlet.family === family);
    if (family === 6 || !icmp) return WIRE_FORM;
    this.#headerForm = this.#system.headerForm ?? findHeaderForm(sender, icmp.handle);
    return this.#headerForm;
  }

  /** One outlet for each protocol of the probes, over its inlet's socket where it has one. */
  #openPayloadOutlets(heard: readonly number[], fields: Ipv6FieldOptions): void {
    for (const protocol of new Set([...heard, ...(this.#options.probeProtocols ?? [])])) {
      const inlet = this.#inlets.find((each) => each.family === 6 && each.protocol === protocol);
      const handle = inlet?.handle ?? this.#openHandle(6, protocol);
      if (!inlet) handle.ignoreInput();
      this.#setSendOptions(handle);
      const outlet = new PayloadOutlet(handle, this.#raw.SocketLevel.IPPROTO_IPV6, fields);
      this.#outlets.set(`6 ${protocol}`, outlet);
    }
  }
}

/** Reads everything that waits on one socket. */
function drain({ handle, family, protocol }: Inlet, form: HeaderForm): ReceivedDatagram[] {
  const datagrams: ReceivedDatagram[] = [];
  for (let message = handle.receive(); message; message = handle.receive()) {
    const { source } = message;
    const atMs = nowMs();
    const octets = family === 4 ? fromSocket(message.octets, form) : message.octets;
    datagrams.push({ family, protocol, source, octets, hasHeader: family === 4, atMs, precision: 'user' });
  }
  return datagrams;
}
