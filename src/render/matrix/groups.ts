/** Columns that are shown as one: neighbours of a range of ports, and flows of one probe, of which the same is true. */
import type { MatrixColumn } from '../../verdict/matrix.ts';

/** Columns that are shown as one. */
export interface ColumnGroup {
  /** The probe, or the range: `tcp/20-34`. */
  readonly name: string;
  /** At least one, in their order. */
  readonly members: readonly MatrixColumn[];
  /** Present where the probes are sent in several flows: how many of each are in this group. */
  readonly share?: FlowShare;
}

/** So many of the flows of a probe. */
export interface FlowShare {
  readonly count: number;
  readonly of: number;
}

/** All columns of one probe: one, or one for each of its flows. */
type Flows = readonly [MatrixColumn, ...MatrixColumn[]];

/**
 * Groups the columns, in their order. Columns come together if they have one key, and are flows of one probe or of
 * neighbouring ports. Neighbours keep together only if their flows part in the same way.
 */
export function groupsOf(
  columns: readonly MatrixColumn[],
  keyOf: (column: MatrixColumn) => string,
): readonly ColumnGroup[] {
  const runs: Flows[][] = [];
  let signature = '';
  for (const flows of byProbe(columns)) {
    const own = [...partsOf(flows, keyOf)].map(([key, part]) => `${part.length} ${key}`).sort();
    const last = runs.at(-1);
    if (last && signature === own.join('\n') && isNext(last.at(-1)?.[0], flows[0])) last.push(flows);
    else runs.push([flows]);
    signature = own.join('\n');
  }
  return runs.flatMap((run) => groupsOfRun(run, keyOf));
}

/** The names of columns in a sentence: `tcp/20-34`, `tcp/443 (3 of 8 flows)`. */
export function namesOf(columns: readonly MatrixColumn[]): readonly string[] {
  return groupsOf(columns, () => '').map(groupName);
}

/** The name of a group, with its share of the flows where that is not all of them. */
function groupName({ name, share }: ColumnGroup): string {
  if (!share || share.count === share.of) return name;
  return `${name} (${share.count} of ${share.of} flows)`;
}

/** A column and those for the ports after its own, in its range, as far as they are among these without a gap. */
export function neighboursFrom(
  column: MatrixColumn,
  columns: readonly MatrixColumn[],
): readonly MatrixColumn[] {
  const neighbours = [column];
  for (const other of columns.slice(columns.indexOf(column) + 1)) {
    if (!isNext(neighbours.at(-1), other)) break;
    neighbours.push(other);
  }
  return neighbours;
}

function byProbe(columns: readonly MatrixColumn[]): readonly Flows[] {
  const probes = new Map<string, [MatrixColumn, ...MatrixColumn[]]>();
  for (const column of columns) {
    const name = probeName(column);
    const known = probes.get(name);
    if (known) known.push(column);
    else probes.set(name, [column]);
  }
  return [...probes.values()];
}

function probeName({ name, flow }: MatrixColumn): string {
  return flow?.of ?? name;
}

function partsOf(
  columns: readonly MatrixColumn[],
  keyOf: (column: MatrixColumn) => string,
): ReadonlyMap<string, readonly MatrixColumn[]> {
  const parts = new Map<string, MatrixColumn[]>();
  for (const column of columns) {
    const key = keyOf(column);
    parts.set(key, [...(parts.get(key) ?? []), column]);
  }
  return parts;
}

/** Tells whether a column is for the port after another one's, in the same range. */
function isNext(before: MatrixColumn | undefined, column: MatrixColumn): boolean {
  return before?.range !== undefined && before.range === column.range && before.port + 1 === column.port;
}

function groupsOfRun(run: readonly Flows[], keyOf: (column: MatrixColumn) => string): ColumnGroup[] {
  const [first] = run.at(0) ?? [];
  const [last] = run.at(-1) ?? [];
  if (!first || !last) return [];
  const { range } = first;
  const name =
    range && first !== last ? `${range.before}${first.port}-${last.port}${range.after}` : probeName(first);
  return [...partsOf(run.flat(), keyOf).values()].map((members) => {
    if (!first.flow) return { name, members };
    return { name, members, share: { count: members.length / run.length, of: first.flow.count } };
  });
}
