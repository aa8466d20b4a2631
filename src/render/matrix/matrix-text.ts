/** A matrix as text: the table, and below it the verdicts. */
import type { Address } from '../../model/address.ts';
import type { Matrix } from '../../verdict/matrix.ts';
import type { MatrixFacts } from '../../verdict/facts.ts';
import { pathDifferences, type PathDifference } from '../../verdict/paths.ts';
import type { Verdict, VerdictState } from '../../verdict/verdict.ts';
import type { Label } from '../../model/label.ts';
import { lastRow } from './cell.ts';
import { plain, type Paint } from './paint.ts';
import { tableLines } from './table.ts';
import { verdictText } from './verdict-text.ts';

/** What the text has besides the cells. */
export interface MatrixTextOptions {
  /** The target as the user knows it. */
  readonly host: string;
  readonly firstTtl: number;
  readonly maxTtl: number;
  readonly labels: ReadonlyMap<Address, Label>;
  /** Columns of the terminal; Infinity where there is none. */
  readonly width: number;
  readonly paint: Paint;
  /** The lines below a verdict. */
  explain(verdict: Verdict): readonly string[];
}

/** The order of the verdicts: probes that get through come first. */
const ORDER: readonly (readonly VerdictState[])[] = [
  ['open', 'closed', 'reached'],
  ['forwarded'],
  ['silent'],
  ['dropped'],
  ['rejected'],
  ['host unreachable'],
  ['loop'],
  ['unknown'],
  ['blocked here'],
];
const STATE_WIDTH = 8;
const GAP = 2;

/** The text while probes are still out. */
export function progressText(facts: MatrixFacts, options: MatrixTextOptions): string {
  const table = tableLines(facts, { ...options, paint: plain, empty: '', states: new Map() });
  return lines([headLine(facts.matrix, options), ...table]);
}

/** The text of the whole result. */
export function matrixText(
  facts: MatrixFacts,
  verdicts: readonly Verdict[],
  options: MatrixTextOptions,
): string {
  const states = new Map(verdicts.map(({ column, state }) => [column, state]));
  const table = tableLines(facts, { ...options, empty: '*', states });
  const differences = pathDifferences(facts, lastRow(facts)).map(differenceLine);
  const judged = verdictLines(facts.matrix, verdicts, options);
  return lines([headLine(facts.matrix, options), ...table, ...differences, '', ...judged]);
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

function headLine({ target, columns }: Matrix, { host, maxTtl }: MatrixTextOptions): string {
  const probes = `${columns.length} probe${columns.length === 1 ? '' : 's'}`;
  return `matrix to ${host} (${target}), ${probes}, ${maxTtl} hops max`;
}

/** Says which columns saw whom at a hop, the largest group last. */
function differenceLine({ ttl, groups }: PathDifference): string {
  const [largest, ...rest] = groups;
  const saw = [...rest, ...(largest ? [largest] : [])].map(({ responders, columns }) => {
    const isRest = columns === largest?.columns && rest.length > 0;
    const who = isRest ? 'the others' : columns.map(({ name }) => name).join(', ');
    return `${who} saw ${responders.join(' and ')}`;
  });
  const last = saw.pop() ?? '';
  const said = rest.length > 0 ? last.replace('the others saw', 'the others') : last;
  return `paths differ at hop ${ttl}: ${[...saw, said].join(', ')}`;
}

function verdictLines(matrix: Matrix, verdicts: readonly Verdict[], options: MatrixTextOptions): string[] {
  const rank = ({ state }: Verdict): number => ORDER.findIndex((states) => states.includes(state));
  const nameWidth = Math.max(...verdicts.map(({ column }) => column.name.length)) + GAP;
  const stateWidth = Math.max(STATE_WIDTH, ...verdicts.map(({ state }) => state.length)) + GAP;
  const sorted = [...verdicts].sort((a, b) => rank(a) - rank(b));
  return sorted.flatMap((verdict) => {
    const { column, state } = verdict;
    const gap = ' '.repeat(stateWidth - state.length);
    const line =
      column.name.padEnd(nameWidth) + options.paint(state, state) + gap + verdictText(verdict, matrix);
    return [line, ...options.explain(verdict)];
  });
}
