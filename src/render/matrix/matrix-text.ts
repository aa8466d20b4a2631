/** A matrix as text: the table, and below it the verdicts. */
import type { Address } from '../../model/address.ts';
import type { Matrix, MatrixColumn } from '../../verdict/matrix.ts';
import type { MatrixFacts } from '../../verdict/facts.ts';
import { misspeakersIn, type Misspeaker } from '../../verdict/misspoken.ts';
import { pathDifferences, type PathDifference } from '../../verdict/paths.ts';
import type { Verdict, VerdictState } from '../../verdict/verdict.ts';
import type { Label } from '../../model/label.ts';
import { lastRow } from './cell.ts';
import { namesOf, neighboursFrom } from './groups.ts';
import { plain, type Paint } from './paint.ts';
import { refusalLetters } from './refusal.ts';
import { tableLines } from './table.ts';
import { sentencesOf, verdictGroups, type VerdictGroup } from './verdict-groups.ts';
import { padEnd, widthOf, wrapped } from './width.ts';

/** What the text has besides the cells. */
export interface MatrixTextOptions {
  /** The target as the user knows it. */
  readonly host: string;
  readonly firstTtl: number;
  readonly maxTtl: number;
  readonly labels: ReadonlyMap<Address, Label>;
  /** Columns of the terminal; Infinity where there is none. */
  readonly width: number;
  /** Stands for what is left out of a name. */
  readonly mark: string;
  readonly paint: Paint;
  /** The lines below a verdict. @param lastPort - of the neighbouring ports, from the column's on, that it holds for */
  explain(verdict: Verdict, lastPort?: number): readonly string[];
}

/** The order of the verdicts: probes that get through come first. */
const ORDER: readonly (readonly VerdictState[])[] = [
  ['open', 'closed', 'reached'],
  ['forwarded'],
  ['silent'],
  ['rate-limited'],
  ['dropped'],
  ['rejected'],
  ['host unreachable'],
  ['loop'],
  ['unknown'],
  ['blocked here'],
];
const STATE_WIDTH = 8;
const GAP = 2;
/** Where less is left beside name and state, the sentence begins below them. */
const LEAST_SENTENCE = 30;
const INDENT = 4;

/** The text while probes are still out. */
export function progressText(facts: MatrixFacts, options: MatrixTextOptions): string {
  const endings = new Map(facts.columns.map(({ column, ending }) => [column, ending]));
  const keyOf = (column: MatrixColumn): string => {
    const ending = endings.get(column);
    return ending ? `${ending.how} ${ending.ttl} ${ending.reply.kind.type}` : '';
  };
  const table = tableLines(facts, { ...options, paint: plain, empty: '', keyOf, states: new Map() });
  return lines([headLine(facts.matrix, options), ...table]);
}

/** The text of the whole result. */
export function matrixText(
  facts: MatrixFacts,
  verdicts: readonly Verdict[],
  options: MatrixTextOptions,
): string {
  const states = new Map(verdicts.map(({ column, state }) => [column, state]));
  const said = sentencesOf(verdicts, facts);
  const keyOf = (column: MatrixColumn): string => `${states.get(column) ?? ''} ${said.get(column) ?? ''}`;
  const table = tableLines(facts, { ...options, empty: '*', keyOf, states });
  const differences = pathDifferences(facts, lastRow(facts)).map(differenceLine);
  const judged = verdictLines(verdictGroups(verdicts, said), options);
  const misspeakers = misspeakersIn(facts.matrix).map((each) => misspeakerLine(each, facts.matrix));
  const below = [...differences, ...misspeakers].flatMap((line) => wrapped(line, options.width));
  return lines([headLine(facts.matrix, options), ...table, ...below, '', ...judged]);
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

function headLine({ target, columns }: Matrix, { host, maxTtl }: MatrixTextOptions): string {
  const [flow] = columns.flatMap((column) => (column.flow ? [column.flow] : []));
  const count = columns.length / (flow?.count ?? 1);
  const probes = `${count} probe${count === 1 ? '' : 's'}`;
  const flows = flow ? ` in ${flow.count} flows${count === 1 ? '' : ' each'}` : '';
  return `matrix to ${host} (${target}), ${probes}${flows}, ${maxTtl} hops max`;
}

/** Says which columns saw whom at a hop, the largest group last. */
function differenceLine({ ttl, groups }: PathDifference): string {
  const [largest, ...rest] = groups;
  const saw = [...rest, ...(largest ? [largest] : [])].map(({ responders, columns }) => {
    const isRest = columns === largest?.columns && rest.length > 0;
    const who = isRest ? 'the others' : namesOf(columns).join(', ');
    return `${who} saw ${responders.join(' and ')}`;
  });
  const last = saw.pop() ?? '';
  const said = rest.length > 0 ? last.replace('the others saw', 'the others') : last;
  return `paths differ at hop ${ttl}: ${[...saw, said].join(', ')}`;
}

function misspeakerLine({ ttl, reply }: Misspeaker, { family }: Matrix): string {
  const letters = refusalLetters(reply.kind, family);
  return `hop ${ttl} (${reply.responder}) says ${letters} for time exceeded: it passes the probes on`;
}

function verdictLines(groups: readonly VerdictGroup[], options: MatrixTextOptions): string[] {
  const rank = ({ verdict }: VerdictGroup): number =>
    ORDER.findIndex((states) => states.includes(verdict.state));
  const nameWidth = Math.max(...groups.map(({ name }) => widthOf(name))) + GAP;
  const stateWidth = Math.max(STATE_WIDTH, ...groups.map(({ verdict }) => verdict.state.length)) + GAP;
  const sorted = [...groups].sort((a, b) => rank(a) - rank(b));
  return sorted.flatMap((group) => [
    ...groupLines(group, nameWidth, stateWidth, options),
    ...explanationOf(group, options),
  ]);
}

/** The line of a group; several where the terminal is narrower than it. */
function groupLines(
  { name, verdict, sentence }: VerdictGroup,
  nameWidth: number,
  stateWidth: number,
  { width, paint }: MatrixTextOptions,
): string[] {
  const { state } = verdict;
  const start = padEnd(name, nameWidth) + paint(state, state);
  const beside = width - nameWidth - stateWidth;
  if (beside < LEAST_SENTENCE) {
    return [start, ...wrapped(sentence, width - INDENT).map((line) => ' '.repeat(INDENT) + line)];
  }
  const [first = '', ...rest] = wrapped(sentence, beside);
  const gap = ' '.repeat(stateWidth - state.length);
  return [start + gap + first, ...rest.map((line) => ' '.repeat(nameWidth + stateWidth) + line)];
}

/** The paragraph on the first of a group and its neighbours, and that it holds for the rest. */
function explanationOf({ verdict, columns }: VerdictGroup, options: MatrixTextOptions): readonly string[] {
  const { column } = verdict;
  const neighbours = column.flow ? [column] : neighboursFrom(column, columns);
  const lastPort = neighbours.at(-1)?.port ?? column.port;
  const paragraph = options.explain(verdict, lastPort === column.port ? undefined : lastPort);
  const isTold = (other: MatrixColumn): boolean =>
    neighbours.includes(other) || (column.flow !== undefined && other.flow?.of === column.flow.of);
  const others = columns.filter((other) => !isTold(other));
  if (paragraph.length === 0 || others.length === 0) return paragraph;
  const also = `The same is true of ${namesOf(others).join(', ')}.`;
  return [...paragraph, ...wrapped(also, options.width - INDENT).map((line) => ' '.repeat(INDENT) + line)];
}
