/** Where a trace goes to and starts from. */
import type { Machine } from '../ports/machine.ts';
import {
  familyOf,
  isLinkLocal,
  withoutZone,
  withZone,
  zoneOf,
  type Address,
  type Family,
} from '../model/address.ts';
import { chooseDestination, type Candidate } from './destination-choice.ts';
import { ResolveError, TransportError, UsageError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { checkFamily } from './family-limits.ts';
import type { ResolvedHost } from './names.ts';
import { optionWord, type MeasureContext, type Wording } from './context.ts';
import { findOrigin, inZone, type FlowKey, type GivenSource, type Origin } from './origin.ts';

/** Both ends of a trace, and the stations of a source route. */
export interface Endpoints extends Origin {
  readonly host: ResolvedHost;
  readonly target: Address;
  readonly family: Family;
  readonly gateways: readonly Address[];
}

/** What finding addresses takes. */
export type EndpointTools = Pick<MeasureContext, 'names' | 'wording' | 'warn'> & {
  readonly machine: Machine;
};

type HostUse = Parameters<Wording['badHost']>[1];

/**
 * Finds the addresses of a plan.
 * @param flowOf - what routing may look at in the probes to this family, besides addresses
 * @throws ResolveError for a host without an address, UsageError when no address to send from fits
 */
export async function findEndpoints(
  plan: Plan,
  flowOf: (family: Family) => FlowKey,
  tools: EndpointTools,
): Promise<Endpoints> {
  const { host, target } = await findTarget(plan, tools);
  const family = familyOf(target);
  checkFamily(plan, target, tools.wording);
  const gateways: Address[] = [];
  for (const gateway of plan.gateways) {
    gateways.push((await firstAddress(gateway, [family], 'gateway', tools)).address);
  }
  const towards = gateways[0] ?? target;
  const origin = await findOrigin(
    plan,
    towards,
    flowOf(family),
    await givenSource(plan, family, tools),
    tools,
  );
  return { host, target, family, gateways, ...origin };
}

async function givenSource(
  { source }: Plan,
  family: Family,
  tools: EndpointTools,
): Promise<GivenSource | undefined> {
  if (source === undefined) return undefined;
  const { host, address } = await firstAddress(source, [family], 'source', tools);
  return { name: host.name, address };
}

/** Looks the host up. Where it has addresses of the other family alone, the error says so. */
async function resolveTarget({ host, families }: Plan, tools: EndpointTools): Promise<ResolvedHost> {
  try {
    return await resolve(host, families, 'destination', tools);
  } catch (error) {
    const [only] = families;
    if (!(error instanceof ResolveError) || families.length > 1 || only === undefined) throw error;
    const other = only === 4 ? 6 : 4;
    const found = await tools.names.resolve(host, [other]).catch(() => undefined);
    if (!found) throw error;
    throw new ResolveError(
      `${error.message}: it has no IPv${only} address, only IPv${other} (use ${optionWord(tools.wording, `-${other}`)})`,
    );
  }
}

/** Chooses, of a name's addresses, the one that the system would connect to. */
async function findTarget(
  plan: Plan,
  tools: EndpointTools,
): Promise<{ host: ResolvedHost; target: Address }> {
  const host = await resolveTarget(plan, tools);
  const [first = ''] = host.addresses;
  if (host.addresses.length === 1) return { host, target: zoned(first, plan, tools) };
  const target = chooseDestination(await candidates(host.addresses, tools.machine))?.address ?? first;
  const family = familyOf(target);
  if (host.addresses.filter((address) => familyOf(address) === family).length > 1) {
    warnOfSeveral(plan.host, target, tools);
  }
  return { host, target: zoned(target, plan, tools) };
}

/** Who connects to the unspecified address gets this machine, on Linux and the BSDs; answers come from its loopback. */
const ofThisMachine: ReadonlyMap<Address, Address> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

/**
 * Gives a link-local target a zone: its own, or else the interface that the user named. RFC 4007 section 6.
 * @throws UsageError when neither is there
 */
function zoned(target: Address, { host, device }: Plan, { machine, wording }: EndpointTools): Address {
  const address = inZone(ofThisMachine.get(target) ?? target, device);
  checkZone(address, host, machine);
  if (!isLinkLocal(address) || zoneOf(address) !== undefined) return address;
  const option = optionWord(wording, '-i');
  throw new UsageError(
    `${host}: a link-local address needs its interface (${target}%INTERFACE, or ${option})`,
  );
}

/** @throws UsageError when the zone is no interface of this machine */
function checkZone(address: Address, host: string, machine: Machine): void {
  const zone = zoneOf(address);
  if (zone === undefined || machine.interfaces().some(({ name }) => name === zone)) return;
  throw new UsageError(`${host}: there is no interface ${zone} with an address ("ip address" shows all)`);
}

/** Replaces an interface number in the zone by the interface's name. RFC 4007 section 11.2. */
function inNamedZone(address: Address, machine: Machine): Address {
  const zone = zoneOf(address) ?? '';
  if (!/^\d+$/.test(zone)) return address;
  const named = machine.interfaces().find(({ index }) => index === Number(zone));
  return named ? withZone(withoutZone(address), named.name) : address;
}

/** Pairs each address with the source that routing chooses towards it. */
function candidates(addresses: readonly Address[], machine: Machine): Promise<Candidate[]> {
  return Promise.all(
    addresses.map(async (address) => {
      try {
        return { address, source: await machine.sourceTowards(address) };
      } catch (error) {
        if (error instanceof TransportError) return { address };
        throw error;
      }
    }),
  );
}

async function resolve(
  name: string,
  families: readonly Family[],
  use: HostUse,
  { names, machine, wording }: EndpointTools,
): Promise<ResolvedHost> {
  try {
    const host = await names.resolve(name, families);
    return { ...host, addresses: host.addresses.map((address) => inNamedZone(address, machine)) };
  } catch (error) {
    if (!(error instanceof ResolveError)) throw error;
    throw new ResolveError(wording.badHost(name, use, error.message));
  }
}

async function firstAddress(
  name: string,
  families: readonly Family[],
  use: HostUse,
  tools: EndpointTools,
): Promise<{ host: ResolvedHost; address: Address }> {
  const host = await resolve(name, families, use, tools);
  const [address = ''] = host.addresses;
  if (host.addresses.length > 1) warnOfSeveral(name, address, tools);
  return { host, address };
}

function warnOfSeveral(name: string, used: Address, { wording, warn }: EndpointTools): void {
  const warning = wording.severalAddresses?.(name, used);
  if (warning !== undefined) warn(warning);
}
