/** Sends datagrams that are longer than the interface's MTU, in fragments: Linux does not cut what has its header written. */
import type { Family } from '../model/address.ts';
import type { OutgoingDatagram, SendResult } from '../ports/transport.ts';
import { fragmentIpv4, fragmentIpv6 } from '../wire/fragment.ts';
import { interfaceMtus } from './host/mtus.ts';
import { randomBelow } from './random.ts';

/** Sends these octets now, from the IP header on. */
type Send = (octets: Uint8Array) => SendResult;

const IDENTIFICATIONS = 2 ** 32;
/**
 * In octets, for interfaces that nobody lists: of jumbo frames, Ethernet, PPP over Ethernet and tunnels; and what each
 * link has to take. RFC 8200 section 5, RFC 791 section 3.2
 */
const USUAL_MTUS = [9000, 1500, 1492, 1480, 1420, 1400, 1280, 576, 68];
const LEAST_MTU: Readonly<Record<Family, number>> = { 4: 68, 6: 1280 };

/**
 * Asks the system only by sending: the longest first fragment that it takes tells the MTU, whatever way the datagram
 * goes. What is refused as too long costs a microsecond, and has sent nothing.
 */
export class FragmentedSend {
  /** In octets, the longest first. Listed when something is too long for the first time. */
  #mtus: readonly number[] | undefined;

  /** Sends a datagram: whole if it goes, else in fragments if it may be cut. `atMs` is that of the first. */
  send(datagram: OutgoingDatagram, octets: Uint8Array, send: Send): SendResult {
    const result = send(octets);
    if (datagram.dontFragment || !isTooLong(result)) return result;
    this.#mtus ??= [...new Set([...interfaceMtus(), ...USUAL_MTUS])].sort((a, b) => b - a);
    const { family } = datagram;
    for (const mtu of this.#mtus) {
      if (mtu >= octets.length || mtu < LEAST_MTU[family]) continue;
      const cutResult = sendAll(cut(family, octets, mtu), send);
      if (!isTooLong(cutResult)) return cutResult;
    }
    return result;
  }
}

function cut(family: Family, octets: Uint8Array, mtu: number): Uint8Array[] {
  return family === 4 ? fragmentIpv4(octets, mtu) : fragmentIpv6(octets, mtu, randomBelow(IDENTIFICATIONS));
}

/** Sends the fragments in their order until one is refused. */
function sendAll([first, ...others]: readonly Uint8Array[], send: Send): SendResult {
  const result = send(first ?? new Uint8Array(0));
  if (result.status !== 'sent') return result;
  for (const fragment of others) {
    const next = send(fragment);
    if (next.status !== 'sent') return next;
  }
  return result;
}

function isTooLong(result: SendResult): boolean {
  return result.status === 'failed' && result.error.code === 'EMSGSIZE';
}
