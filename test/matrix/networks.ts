/** Seeded networks for a matrix, with a filter or without, and what is to be found out about them. */
import { main } from '../../src/main.ts';
import { drop as lose, withFault } from '../sim/faults.ts';
import type { HopFormat, PathFormat } from '../sim/path-format.ts';
import { seededRandom, type Random } from '../sim/random.ts';
import { SimWorld } from '../sim/sim-world.ts';

/** Probes, and what filters that one of them meets are called in the path format. */
const PROBES: Readonly<Record<string, readonly string[]>> = {
  icmp: ['icmp'],
  'udp/53': ['udp', 'udp:53'],
  udp: ['udp', 'udp:33434'],
  'tcp/22': ['tcp', 'syn', 'tcp:22'],
  'tcp/443': ['tcp', 'syn', 'tcp:443'],
  'tcp/443:ack': ['tcp', 'ack', 'tcp:443'],
  gre: ['gre'],
  esp: ['proto:50'],
};
const FILTERS = [...new Set(Object.values(PROBES).flat())];
const MOST_HOPS = 12;
const LEAST_HOPS = 3;
const MOST_LOSS = 0.2;
/** Like the kernel of Linux: net.ipv4.icmp_ratelimit. */
const LINUX_RATE = [1, 6] as const;

/** A verdict, as --json has it. */
export interface JsonVerdict {
  readonly probe: string;
  readonly state: string;
  readonly after: { readonly ttl: number } | null;
  readonly before: { readonly ttl: number } | null;
}

/** One seeded network. */
export interface Network {
  readonly path: PathFormat;
  /** Share of all replies that get lost on their way back. */
  readonly loss: number;
  readonly filter?: { readonly matcher: string; readonly ttl: number };
}

/** The network of a seed: its second half of draws is the filter's, so that with and without are one path. */
export function networkOf(seed: number, hasFilter: boolean): Network {
  const random = seededRandom(seed);
  const count = LEAST_HOPS + Math.floor(random() * (MOST_HOPS - LEAST_HOPS + 1));
  const hops = Array.from({ length: count }, (_, index) => hopOf(index + 1, random));
  const dst = targetOf(count, random);
  const loss = random() < 0.5 ? 0 : random() * MOST_LOSS;
  const path = { src: '10.0.0.1', hops, dst };
  const ttl = 1 + Math.floor(random() * count);
  const matcher = FILTERS[Math.floor(random() * FILTERS.length)] ?? 'icmp';
  if (!hasFilter) return { path, loss };
  const filtered = hops.map((hop, index) => (index === ttl - 1 ? { ...hop, drop: matcher } : hop));
  return { path: { ...path, hops: filtered }, loss, filter: { matcher, ttl } };
}

function hopOf(ttl: number, random: Random): HopFormat {
  const isBalanced = random() < 0.25;
  const isSilent = random() < 0.2;
  const isLossy = random() < 0.3;
  const isLimited = random() < 0.3;
  const addresses = [`10.${ttl}.0.1`, ...(isBalanced ? [`10.${ttl}.0.2`, `10.${ttl}.0.3`] : [])];
  return {
    addr: addresses,
    delay: ttl * 4,
    jitter: random() * 5,
    ...(isSilent ? { silent: true } : {}),
    ...(isLossy ? { loss: random() * MOST_LOSS } : {}),
    ...(isLimited ? { bucket: LINUX_RATE } : {}),
  };
}

function targetOf(hops: number, random: Random): PathFormat['dst'] {
  const state = () => (['open', 'closed', 'filtered'] as const)[Math.floor(random() * 3)] ?? 'open';
  return {
    addr: '10.99.0.1',
    delay: (hops + 1) * 4,
    icmp: random() < 0.8,
    tcp: { 22: state(), 443: state() },
    udp: { 53: random() < 0.5 ? 'filtered' : 'closed', 33434: random() < 0.3 ? 'filtered' : 'closed' },
    proto_default: random() < 0.5 ? 'silent' : 'unreach',
  };
}

/** Runs the matrix over a network, in virtual time, and answers its verdicts. */
export async function verdictsOn({ path, loss }: Network, seed: number): Promise<readonly JsonVerdict[]> {
  const random = seededRandom(seed + 1);
  const world = new SimWorld(path, {
    seed,
    wrap: (transport, clock) => withFault(transport, clock, lose(random, loss)),
  });
  const argv = ['-n', '-m', '16', '--json', '--matrix', Object.keys(PROBES).join(), path.dst.addr];
  await world.clock.run(main('traceroute', 'traceroute', argv, world));
  const { matrix } = JSON.parse(world.out) as { matrix: { verdicts: JsonVerdict[] } }; // what it prints
  return matrix.verdicts;
}

/** Verdicts that say that a probe is dropped although nothing drops it. */
export function falseDrops({ filter }: Network, verdicts: readonly JsonVerdict[]): readonly JsonVerdict[] {
  return verdicts.filter(({ probe, state }) => state === 'dropped' && !isFiltered(probe, filter?.matcher));
}

/** Verdicts on what the filter drops that do not name the interval, as narrow as silent routers let it be. */
export function wrongIntervals(network: Network, verdicts: readonly JsonVerdict[]): readonly JsonVerdict[] {
  const { filter, path } = network;
  if (!filter) return [];
  const answering = path.hops.flatMap(({ silent }, index) => (silent ? [] : [index + 1]));
  const after = answering.filter((ttl) => ttl <= filter.ttl).at(-1) ?? null;
  const router = answering.find((ttl) => ttl > filter.ttl);
  const others = verdicts.filter(({ probe }) => !isFiltered(probe, filter.matcher));
  const target = others.some(({ state }) => ['open', 'closed', 'reached'].includes(state));
  const before = router !== undefined && others.length > 0 ? router : target ? path.hops.length + 1 : null;
  // behind the last router that answers, a filter cannot be told from a target that is mute
  const state = before === null ? 'unknown' : before === router ? 'dropped' : 'silent';
  return verdicts
    .filter(({ probe }) => isFiltered(probe, filter.matcher))
    .filter(
      (verdict) =>
        verdict.state !== state ||
        (verdict.after?.ttl ?? null) !== after ||
        (verdict.before?.ttl ?? null) !== before,
    );
}

function isFiltered(probe: string, matcher: string | undefined): boolean {
  return matcher !== undefined && (PROBES[probe]?.includes(matcher) ?? false);
}
