/** Finds policers: what passes alone and is lost in a burst, while other kinds of probes pass. */
import { isDecided, type ColumnFacts, type MatrixFacts } from './facts.ts';
import { filterClassOf } from './filter-class.ts';
import { ttlsOf, type CellAttempt } from './matrix.ts';

/** What a policer takes as one: the protocol, and whether a packet opens a connection. */
export type PolicedKind = string;

/** A policer, as far as a burst shows it. */
export interface Policer {
  /** It is at this hop or nearer: the burst may have been enough for those before. */
  readonly before: number;
  /** Some of the burst got there or beyond; otherwise a filter is as likely. */
  readonly passes: boolean;
}

/** The share of a burst that gets to the hops beyond a policer, at most; of other kinds of probes more does. */
const MOST_PASSING = 0.5;

/** The fewest losses that are no accident where others lose little ... */
const LEAST_LOST = 5;
/** ... that is, this share at most. */
const MOST_LOST_OF_OTHERS = 0.25;

/** The kind of a column. */
export function kindOf({ column }: ColumnFacts): PolicedKind {
  const { protocol, opens } = filterClassOf(column);
  return `${protocol} ${opens ?? ''}`;
}

/** The policers that may keep columns from answers, by the kind of probe. @param facts - of a burst of all columns */
export function policersOf(facts: MatrixFacts): ReadonlyMap<PolicedKind, Policer> {
  const kinds = new Set(facts.columns.filter((column) => !isDecided(column)).map(kindOf));
  const found = [...kinds].flatMap((kind) => {
    const policer = policerOf(kind, facts);
    return policer ? [[kind, policer] as const] : [];
  });
  return new Map(found);
}

function policerOf(kind: PolicedKind, facts: MatrixFacts): Policer | undefined {
  const own = facts.columns.filter((column) => kindOf(column) === kind);
  const others = facts.columns.filter((column) => kindOf(column) !== kind);
  const hops = [...new Set(others.flatMap(({ column }) => ttlsOf(column)))]
    .filter((ttl) => ttl <= (facts.targetHop ?? Infinity) && passing(others, [ttl]) > MOST_PASSING)
    .sort((a, b) => a - b);
  const last = hops.findLastIndex((ttl) => passing(own, [ttl]) > MOST_PASSING);
  const beyond = hops.slice(last + 1);
  const [before] = beyond;
  // one that passes whole shows that the others meet a filter of their own
  if (before === undefined || own.some((column) => passesWhole(column, before))) return undefined;
  const lost = attemptsAt(own, beyond).filter((attempt) => attempt === null).length;
  const isMuch = lost >= LEAST_LOST && 1 - passing(others, beyond) <= MOST_LOST_OF_OTHERS;
  const passes = isMuch && own.some((column) => passesPartly(column, beyond));
  const opens = own.some(({ column }) => filterClassOf(column).opens);
  return passes || opens ? { before, passes } : undefined;
}

function attemptsAt(columns: readonly ColumnFacts[], ttls: readonly number[]): readonly CellAttempt[] {
  return ttls.flatMap((ttl) => columns.flatMap(({ column }) => column.cells.get(ttl) ?? []));
}

/** The share of the columns' probes to these hops that was answered. */
function passing(columns: readonly ColumnFacts[], ttls: readonly number[]): number {
  const attempts = attemptsAt(columns, ttls);
  return attempts.filter((attempt) => attempt !== null).length / Math.max(1, attempts.length);
}

/** True where a column came to its end, and nothing of it was lost from this hop on. */
function passesWhole({ column, ending }: ColumnFacts, from: number): boolean {
  if (!ending) return false;
  const ttls = ttlsOf(column).filter((ttl) => ttl >= from && ttl <= ending.ttl);
  return ttls.every((ttl) => !column.cells.get(ttl)?.includes(null));
}

/** True where some of a column's probes got to one of these hops, and others to the same or a nearer one did not. */
function passesPartly({ column: { cells } }: ColumnFacts, hops: readonly number[]): boolean {
  const asked = hops.flatMap((ttl) => cells.get(ttl) ?? []);
  return asked.findLastIndex((attempt) => attempt !== null) > asked.indexOf(null) && asked.includes(null);
}
