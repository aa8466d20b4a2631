/** Compares the paths of a matrix's columns, hop by hop: that they are one is not assumed. */
import type { Address } from '../model/address.ts';
import type { MatrixColumn } from './matrix.ts';
import { seenAt, type ColumnFacts, type MatrixFacts } from './facts.ts';

/** Columns that saw the same responders at a hop. */
export interface PathGroup {
  readonly responders: readonly Address[];
  readonly columns: readonly MatrixColumn[];
}

/** A hop at which columns saw different responders. The largest group comes first. */
export interface PathDifference {
  readonly ttl: number;
  readonly groups: readonly PathGroup[];
}

/** Finds the hops up to `lastTtl` at which the columns' paths differ. */
export function pathDifferences(facts: MatrixFacts, lastTtl: number): readonly PathDifference[] {
  return Array.from({ length: lastTtl }, (_, index) => index + 1)
    .map((ttl) => ({ ttl, groups: groupsAt(facts, ttl) }))
    .filter(({ groups }) => groups.length > 1 || (groups[0]?.responders.length ?? 0) > 1);
}

/** Groups the columns by who answered them at a hop. The largest group comes first, of equals that of the first column. */
export function groupsAt({ columns }: MatrixFacts, ttl: number): readonly PathGroup[] {
  const groups = new Map<string, { responders: readonly Address[]; columns: MatrixColumn[] }>();
  for (const facts of columns) {
    const responders = respondersAt(facts, ttl);
    if (responders.length === 0) continue;
    const key = responders.join();
    const group = groups.get(key) ?? { responders, columns: [] };
    group.columns.push(facts.column);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.columns.length - a.columns.length);
}

/** The addresses that answered a column at a hop, sorted as text. */
function respondersAt(facts: ColumnFacts, ttl: number): readonly Address[] {
  return [...new Set(seenAt(facts, ttl).map(({ responder }) => responder))].sort();
}
