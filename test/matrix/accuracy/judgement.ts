/** Judges a verdict by the truth. */
import type { HopFormat } from '../../sim/path-format.ts';
import { meets, type Column } from './columns.ts';
import { isContradicted } from './contradiction.ts';
import type { Network } from './network.ts';
import { coursesOf, type Course, type Fate } from './truth.ts';

/** A hop, as --json has it. */
interface JsonHop {
  readonly ttl: number;
  readonly address: string | null;
}

/** A verdict, as --json has it. */
export interface JsonVerdict {
  readonly probe: string;
  readonly state: string;
  readonly confidence: 'certain' | 'high' | 'low';
  readonly after: JsonHop | null;
  readonly before: JsonHop | null;
  readonly by: JsonHop | null;
  readonly text: string;
}

/**
 * `right`: it says all that can be known. `acceptable`: true, but less, or wider. `undecided`: a forgery that nothing
 * contradicts is taken for the target's answer. `false`: it says what is not so.
 */
export type Judgement = 'right' | 'acceptable' | 'undecided' | 'false';

const RANKS: readonly Judgement[] = ['right', 'acceptable', 'undecided', 'false'];

/** Judges a verdict on a column. The fate that speaks most for it counts. */
export function judgementOf(network: Network, column: Column, verdict: JsonVerdict): Judgement {
  const judgements = coursesOf(network, column).flatMap((course) =>
    course.fates.map((fate) => judge({ network, column, course, verdict }, fate)),
  );
  return RANKS.find((rank) => judgements.includes(rank)) ?? 'false';
}

interface Case {
  readonly network: Network;
  readonly column: Column;
  readonly course: Course;
  readonly verdict: JsonVerdict;
}

const JUDGES: Readonly<Record<string, (each: Case, fate: Fate) => Judgement>> = {
  open: judgeAnswer,
  closed: judgeAnswer,
  reached: judgeAnswer,
  // it claims nothing; how often it is said is counted
  unknown: () => 'acceptable',
  silent: judgeSilent,
  dropped: judgeDropped,
  rejected: judgeRejected,
  'rate-limited': judgeRateLimited,
  forwarded: judgeForwarded,
  loop: judgeLoop,
  'host unreachable': judgeUnreachable,
  'network unreachable': judgeUnreachable,
};

function judge(each: Case, fate: Fate): Judgement {
  return JUDGES[each.verdict.state]?.(each, fate) ?? 'false';
}

function judgeAnswer({ network, column, verdict }: Case, fate: Fate): Judgement {
  if (fate.end === 'arrives') return judgeTargetsAnswer(fate, verdict);
  if (fate.end !== 'forged' || fate.says !== verdict.state) return 'false';
  return isContradicted(network, column, fate) ? 'false' : 'undecided';
}

/** Whatever answers is reached; where its port is open or closed, that says more. */
function judgeTargetsAnswer(
  { state, isForwarded }: Fate & { readonly end: 'arrives' },
  verdict: JsonVerdict,
): Judgement {
  if (state === verdict.state) return isForwarded ? 'acceptable' : 'right';
  return verdict.state === 'reached' && state !== 'mute' ? 'acceptable' : 'false';
}

/** It comes back from nowhere: filtered behind the last router that answers, or not answered by the target. */
function judgeSilent({ course, verdict }: Case, fate: Fate): Judgement {
  switch (fate.end) {
    case 'arrives':
      return fate.state === 'mute' && contains(verdict, fate.hop - 1) ? 'right' : 'false';
    case 'dropped': {
      if (!contains(verdict, fate.at)) return 'false';
      return course.way.hops.slice(fate.at).every(({ silent }) => silent) ? 'right' : 'acceptable';
    }
    case 'rejected':
      return fate.isLimited && contains(verdict, fate.at) ? 'acceptable' : 'false';
    case 'policed':
    case 'loop':
    case 'unreachable':
      return contains(verdict, fate.at) ? 'acceptable' : 'false';
    case 'forged':
      return 'false';
  }
}

function judgeDropped({ course, column, verdict }: Case, fate: Fate): Judgement {
  if (fate.end !== 'dropped' || !contains(verdict, fate.at)) return 'false';
  const after = verdict.after?.ttl ?? 0;
  const before = verdict.before?.ttl ?? Infinity;
  const mayBeWitness = ({ silent = false }: HopFormat) => !silent;
  const nearer = course.way.hops.slice(after, fate.at).some((hop) => answers(hop, column));
  const further = course.way.hops.slice(fate.at, before - 1).some(mayBeWitness);
  return nearer || further ? 'acceptable' : 'right';
}

function answers({ silent = false, te_only }: HopFormat, column: Column): boolean {
  return !silent && (te_only === undefined || meets(column, te_only));
}

function judgeRejected({ network, column, course, verdict }: Case, fate: Fate): Judgement {
  switch (fate.end) {
    case 'rejected':
      return byHop(verdict, fate);
    case 'unreachable':
      return byHop(verdict, fate) === 'false' ? 'false' : 'acceptable';
    case 'forged':
      if (isNear(verdict, fate.at)) return 'right';
      return fate.says === 'rejected' && !isContradicted(network, column, fate) ? 'undecided' : 'false';
    default:
      return isMisled(column, course, verdict, fate) ? 'undecided' : 'false';
  }
}

/** Whether a router that says "unreachable" for "time exceeded" is blamed, and nothing beyond it answers that column. */
function isMisled(column: Column, { way }: Course, { by }: JsonVerdict, fate: Fate): boolean {
  const hop = way.hops[(by?.ttl ?? 0) - 1];
  if (!by || hop?.code === undefined) return false;
  if (fate.end === 'arrives' && fate.state !== 'mute') return false;
  const reach = fate.end === 'arrives' ? fate.hop - 1 : fate.at;
  return !way.hops.slice(by.ttl, reach).some((each) => answers(each, column));
}

/** Whether the verdict blames the hop that refuses. One whose time exceeded was never seen is told by its address. */
function byHop(
  { by, ...interval }: JsonVerdict,
  { at, hop }: Fate & { readonly hop: HopFormat; at: number },
): Judgement {
  if (!by) return contains(interval, at) ? 'acceptable' : 'false';
  const addresses = [hop.addr, hop.addr6 ?? []].flat();
  if (by.address === null || !addresses.includes(by.address)) return 'false';
  if (by.ttl === at) return 'right';
  return by.ttl > at ? 'acceptable' : 'false';
}

/** A forger answers what passes it: it is seen one hop beyond, or told there to be at or before that hop. */
function isNear({ by, ...interval }: JsonVerdict, at: number): boolean {
  return by ? by.ttl === at || by.ttl === at + 1 : contains(interval, at);
}

function judgeRateLimited({ verdict }: Case, fate: Fate): Judgement {
  switch (fate.end) {
    case 'policed':
      return contains(verdict, fate.at) ? 'right' : 'false';
    case 'rejected':
    case 'arrives':
      return fate.isLimited ? 'acceptable' : 'false';
    default:
      return 'false';
  }
}

function judgeForwarded(_each: Case, fate: Fate): Judgement {
  return fate.end === 'arrives' && fate.isForwarded ? 'right' : 'false';
}

function judgeLoop({ verdict, course }: Case, fate: Fate): Judgement {
  if (fate.end !== 'loop') return 'false';
  const named = [verdict.after, verdict.before, verdict.by].flatMap((hop) => hop?.address ?? []);
  const round = course.way.hops.slice(fate.at - 1).flatMap(({ addr, addr6 }) => [addr, addr6 ?? []].flat());
  if (named.length === 0) return 'acceptable';
  return named.some((address) => round.includes(address)) ? 'right' : 'false';
}

function judgeUnreachable({ verdict }: Case, fate: Fate): Judgement {
  return fate.end === 'unreachable' ? byHop(verdict, fate) : 'false';
}

/** Whether what dies as it passes a hop dies between the hops of a verdict. */
function contains({ after, before }: Pick<JsonVerdict, 'after' | 'before'>, at: number): boolean {
  return (after?.ttl ?? 0) <= at && at < (before?.ttl ?? Infinity);
}
