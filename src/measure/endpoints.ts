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
import type { MeasureContext, Wording } from './context.ts';

/** Both ends of a trace, and the stations of a source route. */
export interface Endpoints {
  readonly host: ResolvedHost;
  readonly target: Address;
  readonly family: Family;
  readonly gateways: readonly Address[];
  readonly source: Address;
  /** The source's name, if the user gave one. */
  readonly givenSource?: string;
  /** Finds the interface that has the source address. */
  readonly device: () => string;
}

/** What finding addresses takes. */
export type EndpointTools = Pick<MeasureContext, 'names' | 'wording' | 'warn'> & {
  readonly machine: Machine;
};

type HostUse = Parameters<Wording['badHost']>[1];

/**
 * Finds the addresses of a plan.
 * @throws ResolveError for a host without an address, UsageError when no address to send from fits
 */
export async function findEndpoints(plan: Plan, tools: EndpointTools): Promise<Endpoints> {
  const { host, target } = await findTarget(plan, tools);
  const family = familyOf(target);
  checkFamily(plan, target);
  const gateways: Address[] = [];
  for (const gateway of plan.gateways) {
    gateways.push((await firstAddress(gateway, [family], 'gateway', tools)).address);
  }
  const from = await findSource(plan, family, gateways[0] ?? target, tools);
  return { host, target, family, gateways, ...from };
}

/** Chooses, of a name's addresses, the one that the system would connect to. */
async function findTarget(
  plan: Plan,
  tools: EndpointTools,
): Promise<{ host: ResolvedHost; target: Address }> {
  const host = await resolve(plan.host, plan.families, 'destination', tools);
  const [first = ''] = host.addresses;
  if (host.addresses.length === 1) return { host, target: zoned(first, plan) };
  const target = chooseDestination(await candidates(host.addresses, tools.machine))?.address ?? first;
  const family = familyOf(target);
  if (host.addresses.filter((address) => familyOf(address) === family).length > 1) {
    warnOfSeveral(plan.host, target, tools);
  }
  return { host, target: zoned(target, plan) };
}

/**
 * Gives a link-local target a zone: its own, or else the interface that the user named. RFC 4007 section 6.
 * @throws UsageError when neither is there
 */
function zoned(target: Address, { host, device }: Plan): Address {
  const address = inZone(target, device);
  if (!isLinkLocal(address) || zoneOf(address) !== undefined) return address;
  throw new UsageError(`${host}: a link-local address needs its interface (${target}%INTERFACE, or -i)`);
}

/** Adds the zone to a link-local address that has none. */
function inZone(address: Address, zone: string | undefined): Address {
  const lacksZone = isLinkLocal(address) && zoneOf(address) === undefined;
  return lacksZone ? withZone(address, zone) : address;
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

type Origin = Pick<Endpoints, 'source' | 'givenSource' | 'device'>;

/** The address that the user named, else one of the named interface, else the choice of routing. */
async function findSource(
  plan: Plan,
  family: Family,
  towards: Address,
  tools: EndpointTools,
): Promise<Origin> {
  const { machine } = tools;
  const onDevice = plan.device === undefined ? undefined : interfaceAddresses(plan.device, family, machine);
  if (plan.source !== undefined) {
    const { host, address: source } = await firstAddress(plan.source, [family], 'source', tools);
    await checkSource(host.name, inZone(source, plan.device ?? zoneOf(towards)), machine);
    if (onDevice?.includes(withoutZone(source)) === false) {
      throw new UsageError(`${host.name} is not on interface ${plan.device ?? ''}`);
    }
    return { source, givenSource: host.name, device: () => plan.device ?? deviceOf(source, machine) };
  }
  const source = onDevice ? ofScope(onDevice, towards) : await routedSource(towards, machine);
  return { source, device: () => plan.device ?? deviceOf(source, machine) };
}

/** The first address of the target's scope, else the first. RFC 6724 section 5, rule 2. */
function ofScope(addresses: readonly Address[], towards: Address): Address {
  const fits = (address: Address): boolean => isLinkLocal(address) === isLinkLocal(towards);
  return addresses.find(fits) ?? addresses[0] ?? '';
}

/** The interface's addresses of a family: at least one. @throws UsageError when it has none */
function interfaceAddresses(name: string, family: Family, machine: Machine): readonly Address[] {
  const found = machine.interfaces().find((candidate) => candidate.name === name);
  const addresses = found?.addresses.filter((address) => familyOf(address) === family) ?? [];
  if (addresses.length === 0) throw new UsageError(`Can't find interface ${name}`);
  return addresses;
}

async function checkSource(name: string, source: Address, machine: Machine): Promise<void> {
  if (await machine.isOwn(source)) return;
  throw new UsageError(
    `bind: ${name} is not an address of this machine (choose one that "ip address" shows)`,
  );
}

async function routedSource(towards: Address, machine: Machine): Promise<Address> {
  try {
    return await machine.sourceTowards(towards);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    throw new UsageError(`no route to ${towards}: ${error.message} (see "ip route", or choose -s or -i)`);
  }
}

function deviceOf(source: Address, machine: Machine): string {
  const interfaces = machine.interfaces();
  const ofZone = interfaces.find(({ name }) => name === zoneOf(source));
  const ofSource = interfaces.find(({ addresses }) => addresses.includes(withoutZone(source)));
  return (ofZone ?? ofSource)?.name ?? 'unknown';
}
