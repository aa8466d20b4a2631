/** Where the probes of a plan start from: the address and the interface that the system gives their flow. */
import { familyOf, isLinkLocal, withoutZone, withZone, zoneOf, type Address } from '../model/address.ts';
import { isOutOfFiles, TransportError, UsageError } from '../model/errors.ts';
import { given } from '../model/given.ts';
import type { Plan } from '../model/plan.ts';
import type { Machine, RouteQuestion, RouteReply } from '../ports/machine.ts';
import type { Wording } from './context.ts';
import { routeRefusal } from './route-refusal.ts';
import { filesRemedy } from './sockets.ts';

/** Where probes start from. */
export interface Origin {
  readonly source: Address;
  /** The source's name, if the user gave one. */
  readonly givenSource?: string;
  /** Finds the interface by which the probes leave. */
  readonly device: () => string;
}

/** What routing may look at besides addresses. */
export type FlowKey = Pick<RouteQuestion, 'protocol' | 'sourcePort' | 'destinationPort'>;

/** The address that the user named, and the name by which it was named. */
export interface GivenSource {
  readonly name: string;
  readonly address: Address;
}

/** What finding the origin takes. `warn` takes one line where the system only guesses the way. */
interface OriginTools {
  readonly machine: Machine;
  readonly warn: (message: string) => void;
  readonly wording: Wording;
}

/**
 * Finds the address that the user named, or else the one that routing gives the flow.
 * @param towards - the target, or the first gateway of a source route
 * @throws UsageError when the address is not the machine's, or there is no way
 */
export async function findOrigin(
  plan: Plan,
  towards: Address,
  flow: FlowKey,
  named: GivenSource | undefined,
  { machine, warn, wording }: OriginTools,
): Promise<Origin> {
  const { device, mark, tos } = plan;
  if (named) await checkSource(named, plan, towards, machine);
  const source = named && withoutZone(named.address);
  const reply = await machine.routeTo({
    destination: towards,
    ...flow,
    tos,
    ...given({ source, device, mark }),
  });
  const route = routeOf(reply, plan, towards, { source, wording });
  if (route.isGuess) {
    warn(`Warning: no route to ${towards} by ${device ?? ''}; this host looks for it on the link itself`);
  }
  return {
    source: named?.address ?? route.source,
    ...(named ? { givenSource: named.name } : {}),
    device: () => device ?? route.device(),
  };
}

function noFileForRoute({ code, message }: TransportError, towards: Address): TransportError {
  return new TransportError(code, `cannot ask for the route to ${towards}: ${message}${filesRemedy(code)}`);
}

function routeOf(
  reply: RouteReply,
  plan: Plan,
  towards: Address,
  { source, wording }: { readonly source: Address | undefined; readonly wording: Wording },
): Extract<RouteReply, { route: unknown }>['route'] {
  if ('refusal' in reply) {
    if (isOutOfFiles(reply.error)) throw noFileForRoute(reply.error, towards);
    throw new UsageError(routeRefusal(reply, { ...plan, ...given({ source }) }, towards, wording));
  }
  // in the words of the original, which asks a socket that bypasses routing
  if (plan.dontRoute && reply.route.gateway !== undefined) {
    throw new UsageError('connect: Network is unreachable');
  }
  return reply.route;
}

/** Adds the zone to a link-local address that has none. */
export function inZone(address: Address, zone: string | undefined): Address {
  const lacksZone = isLinkLocal(address) && zoneOf(address) === undefined;
  return lacksZone ? withZone(address, zone) : address;
}

/** @throws UsageError when the address is not the machine's, or is on another interface than the one that was named */
async function checkSource(
  { name, address }: GivenSource,
  { device }: Plan,
  towards: Address,
  machine: Machine,
): Promise<void> {
  if (!(await machine.isOwn(inZone(address, device ?? zoneOf(towards))))) {
    throw new UsageError(
      `bind: ${name} is not an address of this machine (choose one that "ip address" shows)`,
    );
  }
  const onDevice = device === undefined ? [] : addressesOf(device, address, machine);
  // an interface without an address of its own sends from those of others
  if (onDevice.length > 0 && !onDevice.includes(withoutZone(address))) {
    throw new UsageError(`${name} is not on interface ${device ?? ''}`);
  }
}

/** The addresses of the interface that are of the kind of this one: its family, and link-local or not. */
function addressesOf(device: string, like: Address, machine: Machine): readonly Address[] {
  const [family, isLocal] = [familyOf(like), isLinkLocal(like)];
  const found = machine.interfaces().find(({ name }) => name === device);
  return found?.addresses.filter((each) => familyOf(each) === family && isLinkLocal(each) === isLocal) ?? [];
}
