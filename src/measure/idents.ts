/** The idents in use by the runs of this process, so that no two runs take each other's replies. docs/adr/0025 */
import type { Machine } from '../ports/machine.ts';
import { untilStopped, type StopSignal } from './context.ts';

/** Below it lie the ports of other programs' traffic, which a raw socket's ident is not to look like. */
const FIRST = 0x8000;
/** The idents that traces may count up over, all together. */
export const IDENT_ROOM = 0x8000;
const END = FIRST + IDENT_ROOM;
const MASK = 0xffff;

/** What one trace needs. */
export interface IdentNeed {
  /** The IP protocol of its probes, as IPv4 has it: idents of different ones are never mistaken for each other. */
  readonly protocol: number;
  /** The most idents that it can take: one, and one for each sequence. */
  readonly most: number;
  /** The idents that it does take. Asked for only where another trace has some. */
  readonly width: () => number;
}

/** Idents that nobody else in this process gets before their release. */
export interface HeldIdents {
  readonly first: number;
  /** Wakes those who wait for some. May be called again. */
  release(): void;
  /** The same, and wakes nobody: for what was never used, since whoever waits has seen it to be free. */
  undo(): void;
}

interface Range {
  readonly first: number;
  readonly width: () => number;
}

const inUse = new Map<number, Set<Range>>();
/** Where the last draw of each protocol ended: the next goes on there, so that an ident comes again as late as can be. */
const ends = new Map<number, number>();
/** Whoever waits for a release. */
const waiting = new Set<() => void>();
let releases = 0;

/** Holds an ident that is given, such as a local port; undefined where another trace has it or one that follows. */
export function holdIdents({ protocol, width }: IdentNeed, first: number): HeldIdents | undefined {
  const range = { first, width };
  const isTaken = [...rangesOf(protocol)].some((other) => overlap(range, other));
  return isTaken ? undefined : hold(protocol, range);
}

/** Draws idents for several traces; undefined where there is no room for all. */
export function drawIdents(
  needs: readonly IdentNeed[],
  machine: Pick<Machine, 'random'>,
): HeldIdents[] | undefined {
  const held = new Map<IdentNeed, HeldIdents>();
  for (const protocol of new Set(needs.map((need) => need.protocol))) {
    const group = needs.filter((need) => need.protocol === protocol);
    let first = blockFor(protocol, group, machine);
    if (first === undefined) {
      for (const each of held.values()) each.undo();
      return undefined;
    }
    for (const need of group) {
      held.set(need, hold(protocol, { first: first & MASK, width: need.width }));
      first += need.most;
    }
    ends.set(protocol, first);
  }
  return needs.flatMap((need) => held.get(need) ?? []);
}

/** True where some trace of this process has idents of this protocol. */
export function areInUse(protocol: number): boolean {
  return rangesOf(protocol).size > 0;
}

/** True where some trace of this process has idents of whatever protocol. */
export function areAnyInUse(): boolean {
  return [...inUse.values()].some((ranges) => ranges.size > 0);
}

/** Wakes whoever waits: a run has given something back. */
function noteRelease(): void {
  releases++;
  for (const wake of waiting) wake();
  waiting.clear();
}

/**
 * Tries until something is there, and waits for other runs to give something back in between.
 * @throws what `attempt` throws, and the signal's reason when it comes meanwhile
 */
export async function onceReleased<Held>(
  attempt: () => Promise<Held | undefined>,
  signal?: StopSignal,
): Promise<Held> {
  for (;;) {
    const before = releases;
    const held = await attempt();
    if (held !== undefined) return held;
    if (releases !== before) continue;
    await untilStopped(new Promise<void>((resolve) => waiting.add(resolve)), signal);
  }
}

/** Where there is room for all of these in a row. Where nobody has any, there always is. */
function blockFor(
  protocol: number,
  group: readonly IdentNeed[],
  machine: Pick<Machine, 'random'>,
): number | undefined {
  const held = [...rangesOf(protocol)];
  const most = group.reduce((sum, need) => sum + need.most, 0);
  if (held.length === 0) return FIRST + machine.random(Math.max(1, IDENT_ROOM - most));
  const width = group.length === 1 ? (group[0]?.width() ?? most) : most;
  const last = ends.get(protocol) ?? FIRST;
  const starts = [last, FIRST, ...held.map((range) => range.first + range.width())]
    .filter((first) => first >= FIRST && first + width <= END)
    // those that follow the last draw come before those that come round again
    .sort((a, b) => Number(a < last) - Number(b < last) || a - b);
  return starts.find((first) => !held.some((other) => overlap({ first, width: () => width }, other)));
}

function overlap(a: Range, b: Range): boolean {
  return ((b.first - a.first) & MASK) < a.width() || ((a.first - b.first) & MASK) < b.width();
}

function rangesOf(protocol: number): Set<Range> {
  const known = inUse.get(protocol) ?? new Set<Range>();
  inUse.set(protocol, known);
  return known;
}

function hold(protocol: number, range: Range): HeldIdents {
  const held = rangesOf(protocol);
  held.add(range);
  return {
    first: range.first,
    release: () => {
      if (held.delete(range)) noteRelease();
    },
    undo: () => {
      held.delete(range);
    },
  };
}
