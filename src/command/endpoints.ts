/** Where a trace goes to and starts from. */
import type { Machine } from '../engine/machine.ts';
import { familyOf, type Address, type Family } from '../model/address.ts';
import { TransportError, UsageError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Names, ResolvedHost } from './names.ts';

export interface Endpoints {
  readonly host: ResolvedHost;
  readonly target: Address;
  readonly family: Family;
  readonly gateways: readonly Address[];
  readonly source: Address;
  /** The source's name, where the user gave one. */
  readonly givenSource?: string;
  /** The interface that has the source address. */
  readonly device: string;
}

/** What finding addresses takes. */
export interface EndpointTools {
  readonly names: Names;
  readonly machine: Machine;
  /** Told of names that have several addresses. */
  readonly warn: (message: string) => void;
}

/**
 * Finds the addresses of a plan.
 * @throws ResolveError, or UsageError when no address to send from fits
 */
export async function findEndpoints(plan: Plan, tools: EndpointTools): Promise<Endpoints> {
  const { host, address: target } = await firstAddress(plan.host, plan.families, tools);
  const family = familyOf(target);
  const gateways: Address[] = [];
  for (const gateway of plan.gateways) {
    gateways.push((await firstAddress(gateway, [family], tools)).address);
  }
  const from = await findSource(plan, family, gateways[0] ?? target, tools);
  return { host, target, family, gateways, ...from };
}

async function firstAddress(
  name: string,
  families: readonly Family[],
  { names, warn }: EndpointTools,
): Promise<{ host: ResolvedHost; address: Address }> {
  const host = await names.resolve(name, families);
  const [address = ''] = host.addresses;
  if (host.addresses.length > 1) warn(`Warning: ${name} has multiple addresses; using ${address}`);
  return { host, address };
}

type Origin = Pick<Endpoints, 'source' | 'givenSource' | 'device'>;

/** The address that was asked for, else that of the interface that was, else what routing chooses. */
async function findSource(
  plan: Plan,
  family: Family,
  towards: Address,
  tools: EndpointTools,
): Promise<Origin> {
  const { machine } = tools;
  const onDevice = plan.device === undefined ? undefined : interfaceAddresses(plan.device, family, machine);
  if (plan.source !== undefined) {
    const { host, address: source } = await firstAddress(plan.source, [family], tools);
    await checkSource(host.name, source, machine);
    if (onDevice?.includes(source) === false) {
      throw new UsageError(`${host.name} is not on interface ${plan.device ?? ''}`);
    }
    return { source, givenSource: host.name, device: plan.device ?? deviceOf(source, machine) };
  }
  const source = onDevice?.[0] ?? (await routedSource(towards, machine));
  return { source, device: plan.device ?? deviceOf(source, machine) };
}

/** The interface's addresses of a family, at least one. */
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
  return machine.interfaces().find(({ addresses }) => addresses.includes(source))?.name ?? 'unknown';
}
