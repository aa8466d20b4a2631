/** Ways to send a probe through a raw socket. */
import type { OutgoingDatagram, SendResult } from '../../ports/transport.ts';
import { encodeDatagram } from '../../engine/encode-datagram.ts';
import { addressOf, withZone } from '../../model/address.ts';
import { TransportError } from '../../model/errors.ts';
import { concat } from '../../wire/bytes.ts';
import { nowMs } from '../monotonic-clock.ts';
import { FragmentedSend } from '../fragmented-send.ts';
import { refusedSend } from '../transport-errors.ts';
import { toSocket, type HeaderForm } from './header-form.ts';
import type { RawHandle } from './raw-handle.ts';
import type { Ipv6FieldOptions } from './raw-system.ts';

/** Sends the probes of one family, or of one protocol of it. */
export interface Outlet {
  /** Sends at once. Takes the time right before the system call. @throws TransportError when an option is refused */
  send(datagram: OutgoingDatagram): SendResult;
}

/** Writes the IP header itself. */
export class WholeOutlet implements Outlet {
  readonly #handle: RawHandle;
  readonly #form: HeaderForm;
  readonly #fragmented = new FragmentedSend();

  /** @param form - of IPv4 headers; IPv6 headers have one form only */
  constructor(handle: RawHandle, form: HeaderForm) {
    this.#handle = handle;
    this.#form = form;
  }

  send(datagram: OutgoingDatagram): SendResult {
    return this.#fragmented.send(datagram, encodeDatagram(datagram), (octets) => {
      const given = datagram.family === 4 ? toSocket(octets, this.#form) : octets;
      return sendStamped(this.#handle, given, datagram);
    });
  }
}

/** In struct in6_pktinfo: any interface. RFC 3542 section 6.1 */
const ANY_INTERFACE = new Uint8Array(4);
const ANY_SOURCE = new Uint8Array(16);

/**
 * Has the kernel write the IPv6 header, and tells it the fields as socket options. The protocol is the socket's. The
 * kernel computes ICMPv6's checksum; it comes out as the one that the probe has already.
 */
export class PayloadOutlet implements Outlet {
  readonly #handle: RawHandle;
  readonly #level: number;
  readonly #options: Ipv6FieldOptions;
  /** The values that the options have, as text. */
  readonly #values = new Map<number, string>();

  /**
   * @param level - number of IPPROTO_IPV6
   * @throws TransportError when the system refuses an option
   */
  constructor(handle: RawHandle, level: number, options: Ipv6FieldOptions) {
    this.#handle = handle;
    this.#level = level;
    this.#options = options;
    handle.setOption(level, options.autoFlowLabel, 0);
  }

  send(datagram: OutgoingDatagram): SendResult {
    const { ttl, tos, flowLabel, dontFragment, source, zone, payload } = datagram;
    if (flowLabel !== 0) throw new TransportError('EINVAL', 'this system lets no IPv6 flow label be chosen');
    this.#set(this.#options.hopLimit, ttl);
    this.#set(this.#options.trafficClass, tos);
    this.#set(this.#options.dontFragment, dontFragment ? 1 : 0);
    // a link-local source would need its interface: that of the zone gives it anyway
    this.#setOctets(
      this.#options.packetInfo,
      concat(zone === undefined ? source : ANY_SOURCE, ANY_INTERFACE),
    );
    return sendStamped(this.#handle, payload, datagram);
  }

  #set(option: number, value: number): void {
    if (this.#isNew(option, String(value))) this.#handle.setOption(this.#level, option, value);
  }

  #setOctets(option: number, value: Uint8Array): void {
    if (this.#isNew(option, value.join())) this.#handle.setOctets(this.#level, option, value);
  }

  #isNew(option: number, value: string): boolean {
    const isNew = this.#values.get(option) !== value;
    this.#values.set(option, value);
    return isNew;
  }
}

function sendStamped(
  handle: RawHandle,
  octets: Uint8Array,
  { destination, zone }: OutgoingDatagram,
): SendResult {
  const address = withZone(addressOf(destination), zone);
  const atMs = nowMs();
  try {
    handle.send(octets, address);
    return { status: 'sent', atMs };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return refusedSend(error);
  }
}
