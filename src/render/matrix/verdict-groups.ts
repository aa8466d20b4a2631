/** Verdicts that are told in one line: of neighbouring ports, and of flows that share a fate. */
import type { MatrixFacts } from '../../verdict/facts.ts';
import type { MatrixColumn } from '../../verdict/matrix.ts';
import { getsThrough, type GroundOf, type Verdict } from '../../verdict/verdict.ts';
import { groupsOf, type ColumnGroup, type FlowShare } from './groups.ts';
import { intervalText, verdictText } from './verdict-text.ts';

/** Columns with one verdict. */
export interface VerdictGroup {
  readonly name: string;
  readonly columns: readonly MatrixColumn[];
  /** That on the first of the columns. */
  readonly verdict: Verdict;
  /** What follows the state. */
  readonly sentence: string;
}

/** At most so many source ports are named. */
const NAMED_PORTS = 4;

/** The sentence of each verdict. */
export function sentencesOf(
  verdicts: readonly Verdict[],
  facts: MatrixFacts,
): ReadonlyMap<MatrixColumn, string> {
  return new Map(
    verdicts.map((verdict) => {
      const { column, ground } = verdict;
      const isLost = column.flow !== undefined && ground.type === 'missing';
      return [column, isLost ? lostFlow(ground, verdict) : verdictText(verdict, facts.matrix)];
    }),
  );
}

/** Where a flow is lost. Who is the witness goes without saying: the other flows of the probe. */
function lostFlow(ground: GroundOf<'missing'>, { confidence }: Verdict): string {
  return `${intervalText(ground)} (${confidence} confidence)`;
}

/** Groups the verdicts, in the order of their columns. @param said - the sentence of each */
export function verdictGroups(
  verdicts: readonly Verdict[],
  said: ReadonlyMap<MatrixColumn, string>,
): readonly VerdictGroup[] {
  const byColumn = new Map(verdicts.map((verdict) => [verdict.column, verdict]));
  const keyOf = (column: MatrixColumn): string =>
    `${byColumn.get(column)?.state ?? ''} ${said.get(column) ?? ''}`;
  return groupsOf([...byColumn.keys()], keyOf).flatMap((group) => {
    const [first] = group.members;
    const verdict = first && byColumn.get(first);
    if (!verdict) return [];
    const sentence = shared(group, said.get(verdict.column) ?? '', getsThrough(verdict));
    return [{ name: group.name, columns: group.members, verdict, sentence }];
  });
}

/** The sentence with the share of the flows that it is true of, and where some of them are lost, their source ports. */
function shared({ share, members }: ColumnGroup, sentence: string, isThrough: boolean): string {
  if (!share) return sentence;
  const ports = isThrough || share.count === share.of ? '' : portsText(members);
  const parts = /^between /.test(sentence) ? ' ' : ': ';
  return `${shareText(share)}${parts}${sentence}${ports}`;
}

function shareText({ count, of }: FlowShare): string {
  return count === of ? `in all ${of} flows` : `in ${count} of ${of} flows`;
}

function portsText(members: readonly MatrixColumn[]): string {
  const ports = [...new Set(members.flatMap(({ sourcePort }) => sourcePort ?? []))];
  if (ports.length === 0) return '';
  const more = ports.length > NAMED_PORTS ? ', ...' : '';
  return `; source port${ports.length > 1 ? 's' : ''} ${ports.slice(0, NAMED_PORTS).join(', ')}${more}`;
}
