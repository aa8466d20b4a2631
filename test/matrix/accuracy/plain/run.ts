/** Runs a plain trace over a drawn network, and holds its mark against the truth. */
import { main } from '../../../../src/main.ts';
import { dropInBursts, withFault } from '../../../sim/faults.ts';
import type { HopFormat, Matcher } from '../../../sim/path-format.ts';
import { seededRandom } from '../../../sim/random.ts';
import { SimWorld } from '../../../sim/sim-world.ts';
import { joined } from '../../../sim/ways.ts';
import { argvOf, type PlainNetwork } from './network.ts';

/**
 * What a trace has made of its answer. `none`: it ended without one in the target's name. `own`: the target's, and it says
 * nothing against that. `false mark`: the target's, and marked. `marked`, `missed`: a forger's that lets pass some of what
 * goes further, so that routers there may answer. `sealed`: that of one which lets none of it pass, so that none can. `guarded`: from the
 * target's own hop, before which a forger sits: nobody can tell.
 */
export type PlainMark = 'none' | 'own' | 'false mark' | 'marked' | 'missed' | 'sealed' | 'guarded';

/** A trace that was run, and what became of it. */
export interface PlainRun {
  readonly network: PlainNetwork;
  readonly mark: PlainMark;
  /** Doubts that the document has, whether they are a mark or not. */
  readonly doubts: readonly string[];
  readonly tookMs: number;
}

/** What of the document of a trace is needed. */
interface JsonTrace {
  readonly trace: {
    readonly hops: readonly {
      readonly ttl: number;
      readonly probes: readonly ({ readonly fromTarget?: boolean; readonly tcp?: string } | null)[];
    }[];
    readonly doubts: readonly { readonly type: string }[];
    readonly contradicted: boolean;
  };
}

/**
 * Runs the command in virtual time.
 * @throws Error when it prints no document
 */
export async function runPlain(network: PlainNetwork): Promise<PlainRun> {
  const { path, loss, seed, kind, probe } = network;
  const random = seededRandom(seed + 1);
  const world = new SimWorld(path, {
    seed,
    wrap: (transport, clock) =>
      loss ? withFault(transport, clock, dropInBursts(random, loss.share, loss.length)) : transport,
  });
  await world.clock.run(main(probe.command, probe.command, [...argvOf(network)], world));
  if (world.out === '') throw new Error(`seed ${seed}, ${kind}: ${world.err}`);
  const { trace } = JSON.parse(world.out) as JsonTrace; // what --json prints
  const doubts = trace.doubts.map(({ type }) => type);
  return { network, mark: markOf(network, trace), doubts, tookMs: world.clock.nowMs() };
}

function markOf(network: PlainNetwork, { hops, contradicted }: JsonTrace['trace']): PlainMark {
  const answered = hops.find(({ probes }) => probes.some((probe) => probe?.fromTarget && probe.tcp));
  if (!answered) return 'none';
  const forger = forgerBefore(network, answered.ttl);
  if (!forger) return contradicted ? 'false mark' : 'own';
  if (answered.ttl >= distanceOf(network)) return contradicted ? 'false mark' : 'guarded';
  if (contradicted) return 'marked';
  return letsPass(forger) ? 'missed' : 'sealed';
}

/** The nearest box that may forge an answer at this hop, on any way. */
function forgerBefore({ path, probe }: PlainNetwork, ttl: number): HopFormat | undefined {
  const ways = [path.hops, ...(path.ways ?? []).map((way) => joined(path, way).hops)];
  return ways.flatMap((hops) => hops.slice(0, ttl - 1).filter((hop) => forges(hop, probe.kinds)))[0];
}

function forges({ reject = {}, synack = [], inject }: HopFormat, kinds: readonly Matcher[]): boolean {
  const resets = Object.entries(reject).flatMap(([matcher, says]) => (says === 'rst' ? [matcher] : []));
  return [...resets, ...synack, ...(inject?.kinds ?? [])].some(
    (matcher) => matcher === 'any' || kinds.includes(matcher),
  );
}

/** What answers beyond a rate alone lets pass what goes less far: routers further on hear of nothing. */
function letsPass({ inject, forges_below: below }: HopFormat): boolean {
  return inject !== undefined || below !== undefined;
}

/** The least hop at which the target itself may answer. */
function distanceOf({ path }: PlainNetwork): number {
  const ways = (path.ways ?? []).map((way) => joined(path, way));
  return Math.min(...[path, ...ways].map(({ hops }) => hops.length + 1));
}
