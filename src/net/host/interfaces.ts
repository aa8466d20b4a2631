/** Lists the interfaces of this machine, and names the zones of link-local addresses. */
import type { NetworkInterface } from '../../ports/machine.ts';
import { addressOf, isLinkLocal, isZone, withZone, type Address } from '../../model/address.ts';
import type { SocketAddress } from '../linux/sockaddr.ts';

/** All interfaces, with their addresses. */
export function listInterfaces(): NetworkInterface[] {
  const { networkInterfaces } = process.getBuiltinModule('node:os'); // loaded only when it is needed: few traces do
  return Object.entries(networkInterfaces()).map(([name, all = []]) => {
    const index = all.find(({ scopeid = 0 }) => scopeid > 0)?.scopeid;
    const addresses = all.map(({ address }) => address);
    return { name, addresses, ...(index === undefined ? {} : { index }) };
  });
}

/** Zones, by the index of their interface. */
const zones = new Map<number, string>();

/** A socket's address as text. One that is valid on one link only gets its zone. RFC 4007 section 11 */
export function zonedAddress({ octets, scopeId }: Pick<SocketAddress, 'octets' | 'scopeId'>): Address {
  const address = addressOf(octets);
  return scopeId !== 0 && isLinkLocal(address) ? withZone(address, zoneOfInterface(scopeId)) : address;
}

/** The interface's name, or its number if the name cannot be a zone. */
function zoneOfInterface(index: number): string {
  const known = zones.get(index);
  if (known !== undefined) return known;
  const name = listInterfaces().find((each) => each.index === index)?.name ?? '';
  const zone = isZone(name) ? name : String(index);
  zones.set(index, zone);
  return zone;
}
