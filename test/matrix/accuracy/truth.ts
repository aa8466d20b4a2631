/**
 * The truth about a network: what becomes of each column, read from the path as it was drawn. Nothing here knows what a
 * tracer can see of it.
 */
import type { HopFormat, Matcher } from '../../sim/path-format.ts';
import { joined, type Way } from '../../sim/ways.ts';
import { hasAnyLength, meets, stateAt, type Column, type TargetState } from './columns.ts';
import type { Network } from './network.ts';

/** What a forger makes of the target, or its refusal. */
type Said = 'open' | 'closed' | 'reached' | 'rejected';

/** What becomes of a probe with a large TTL. Hops count from 1. What happens `at` a hop happens to what would pass it. */
export type Fate =
  /** It gets to a host, at this hop: the target, or one that the target forwards it to. */
  | {
      readonly end: 'arrives';
      readonly hop: number;
      readonly state: TargetState;
      readonly isForwarded: boolean;
      readonly isLimited: boolean;
    }
  | { readonly end: 'dropped'; readonly at: number }
  /** Lost only beyond a rate. What becomes of the others is a fate of its own. */
  | { readonly end: 'policed'; readonly at: number }
  | { readonly end: 'rejected'; readonly at: number; readonly hop: HopFormat; readonly isLimited: boolean }
  /** The hop cannot find the host or its network, and says so. */
  | { readonly end: 'unreachable'; readonly at: number; readonly hop: HopFormat }
  /** Answered in the target's name. */
  | { readonly end: 'forged'; readonly at: number; readonly hop: HopFormat; readonly says: Said }
  /** It goes round until its TTL ends; `at`: the first of the routers that it comes to twice. */
  | { readonly end: 'loop'; readonly at: number };

/** One way of a column, and what becomes of it there. */
export interface Course {
  readonly way: Way;
  readonly fates: readonly Fate[];
}

/** All that may become of a column: on each way that its flows may take. */
export function coursesOf(network: Network, column: Column): readonly Course[] {
  return waysOf(network, column).map(({ isForwarding, ...way }) => ({
    way,
    fates: fatesAlong(network, column, way, isForwarding),
  }));
}

interface NamedWay extends Way {
  readonly isForwarding: boolean;
}

/** The ways that a column may take: whole kinds of it take one, of its flows nobody knows which one. */
function waysOf({ path }: Network, column: Column): readonly NamedWay[] {
  const taken: NamedWay[] = [];
  for (const way of path.ways ?? []) {
    if (way.kinds && !meets(column, way.kinds)) continue;
    taken.push({ ...joined(path, way), isForwarding: way.dst?.any === true });
    if (!way.flow) return taken;
  }
  return [...taken, { hops: path.hops, dst: path.dst, isForwarding: false }];
}

function fatesAlong(network: Network, column: Column, { hops, dst }: Way, isForwarded: boolean): Fate[] {
  const fates: Fate[] = [];
  const visited = new Map<HopFormat, number>();
  let hidden: number | undefined;
  const stop = (fate: Fate): Fate[] => [...fates, ...asSeen(fate, hidden)];
  for (const [index, hop] of hops.entries()) {
    const first = visited.get(hop);
    if (first !== undefined) return stop({ end: 'loop', at: first });
    visited.set(hop, index + 1);
    const stopped = stoppedAt(network, column, hop, index + 1);
    if (stopped) return stop(stopped);
    if (hop.policer && meets(column, hop.policer.kinds)) fates.push({ end: 'policed', at: index + 1 });
    if (hop.ttl_set && meets(column, hop.ttl_set.kinds)) hidden ??= index + 1;
  }
  const state = stateAt(dst, column);
  const isLimited = dst.bucket !== undefined;
  return stop({ end: 'arrives', hop: hops.length + 1, state, isForwarded, isLimited });
}

/** What happens beyond a hop that sets a fresh TTL happens, for all that can be seen, one hop beyond it. */
function asSeen(fate: Fate, hidden: number | undefined): Fate[] {
  if (hidden === undefined) return [fate];
  return [fate, fate.end === 'arrives' ? { ...fate, hop: hidden + 1 } : { ...fate, at: hidden }];
}

function stoppedAt(network: Network, column: Column, hop: HopFormat, at: number): Fate | undefined {
  const { drop = [], isn_lock: isLocked = false, synack = [] } = hop;
  const isTooLong = hop.mtu !== undefined && hop.mtu < (network.length ?? 0) && hasAnyLength(column);
  const isStray = isLocked && meets(column, 'tcp') && !meets(column, 'syn');
  if (isTooLong || isStray || meets(column, drop)) return { end: 'dropped', at };
  const answer = refusalAt(network, column, hop, at) ?? proxyAt(column, hop, at, synack);
  // a router that sends nothing refuses without a word
  return answer && hop.silent ? { end: 'dropped', at } : answer;
}

function proxyAt(column: Column, hop: HopFormat, at: number, synack: readonly Matcher[]): Fate | undefined {
  if (!meets(column, synack)) return undefined;
  return { end: 'forged', at, hop, says: meets(column, 'ack') ? 'reached' : 'open' };
}

/** Port unreachable, and the codes by which a router says that it cannot find the target. */
const PORT = { 4: 3, 6: 4 } as const;
const LOST = { 4: [0, 1], 6: [0, 3] } as const;

function refusalAt({ family }: Network, column: Column, hop: HopFormat, at: number): Fate | undefined {
  const [matcher, says] = Object.entries(hop.reject ?? {}).find(([each]) => meets(column, each)) ?? [];
  if (matcher === undefined || says === undefined) return undefined;
  if (says === 'rst') return { end: 'forged', at, hop, says: meets(column, 'ack') ? 'reached' : 'closed' };
  if (hop.reject_forged) return { end: 'forged', at, hop, says: saidBy(says === PORT[family], column) };
  if (matcher === 'any' && (LOST[family] as readonly number[]).includes(says)) {
    return { end: 'unreachable', at, hop };
  }
  return { end: 'rejected', at, hop, isLimited: (hop.bucket ?? hop.reject_bucket) !== undefined };
}

/** Only UDP has ports that a host is asked about by ICMP errors. RFC 1122 section 4.1.3.1. */
function saidBy(isPort: boolean, column: Column): Said {
  return isPort && meets(column, 'udp') ? 'closed' : 'rejected';
}
