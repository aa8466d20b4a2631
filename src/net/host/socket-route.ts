/** The way of packets where the kernel cannot be asked: as far as the address of a socket tells it. */
import { familyOf, isLinkLocal, withoutZone, zoneOf, type Address } from '../../model/address.ts';
import { TransportError } from '../../model/errors.ts';
import type { RouteQuestion, RouteReply } from '../../ports/machine.ts';
import { listInterfaces } from './interfaces.ts';
import { localSockets } from './local-sockets.ts';

/** The source is that of the interface, else of a connected socket; the device is the one that has this address. */
export async function socketRoute({ destination, source, device }: RouteQuestion): Promise<RouteReply> {
  try {
    const own = source ?? (device === undefined ? await localSockets.sourceTowards(destination) : undefined);
    const found = own ?? ofInterface(device ?? '', destination);
    if (found === undefined) {
      return { refusal: 'no-device', error: new TransportError('ENODEV', 'No such device') };
    }
    return { route: { source: found, device: () => device ?? deviceOf(found), isGuess: false } };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return { refusal: 'no-route', error };
  }
}

/** The interface's first address of the destination's scope, else its first. RFC 6724 section 5, rule 2 */
function ofInterface(name: string, towards: Address): Address | undefined {
  const all = listInterfaces().find((each) => each.name === name)?.addresses ?? [];
  const addresses = all.filter((address) => familyOf(address) === familyOf(towards));
  return addresses.find((address) => isLinkLocal(address) === isLinkLocal(towards)) ?? addresses[0];
}

function deviceOf(source: Address): string {
  const interfaces = listInterfaces();
  const ofZone = interfaces.find(({ name }) => name === zoneOf(source));
  const ofSource = interfaces.find(({ addresses }) => addresses.includes(withoutZone(source)));
  return (ofZone ?? ofSource)?.name ?? 'unknown';
}
