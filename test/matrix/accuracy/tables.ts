/** The tables of `npm run matrix:accuracy`, in Markdown. */
import { isFalse, wilson, type Judged } from './score.ts';

const CONFIDENCES = ['certain', 'high', 'low'] as const;

const HEAD = [
  'kind',
  'networks',
  'verdicts',
  'certain',
  'false',
  'high',
  'false',
  'low',
  'unknown',
  'packets',
  'seconds',
];

/**
 * One row a kind of network, one for all, and one for each family: how many verdicts of each confidence, how many of them
 * are false, the shares of `low` and `unknown`, and the medians of what a run sends and takes.
 */
export function byKind(judged: readonly Judged[]): string {
  const kinds = [...new Set(judged.map(({ network }) => network.kind))].sort();
  const of = (kind: string) => judged.filter(({ network }) => network.kind === kind);
  const family = (wanted: number) => judged.filter(({ network }) => network.family === wanted);
  return table([
    HEAD,
    ...kinds.map((kind) => kindRow(kind, of(kind))),
    kindRow('all', judged),
    kindRow('IPv4', family(4)),
    kindRow('IPv6', family(6)),
  ]);
}

function kindRow(name: string, judged: readonly Judged[]): readonly (string | number)[] {
  const runs = [...new Set(judged.map(({ run }) => run))];
  const strong = CONFIDENCES.slice(0, 2).flatMap((confidence) => {
    const claims = claimsOf(judged, confidence);
    return [claims.length, claims.filter(isFalse).length];
  });
  const low = claimsOf(judged, 'low').length;
  const unknown = judged.filter(({ verdict }) => verdict.state === 'unknown').length;
  const shares = [percent(low, judged.length), percent(unknown, judged.length)];
  const packets = median(runs.map(({ sent }) => sent));
  const seconds = (median(runs.map(({ tookMs }) => tookMs)) / 1000).toFixed(1);
  return [name, runs.length, judged.length, ...strong, ...shares, packets, seconds];
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

/** One row a confidence: its verdicts, how each was judged, and the share that is false with its 95 % bounds. */
export function byConfidence(judged: readonly Judged[]): string {
  const head = [
    'confidence',
    'verdicts',
    'right',
    'acceptable',
    'undecided',
    'false',
    'share false',
    '95 % bounds',
  ];
  const rows = CONFIDENCES.map((confidence) => {
    const claims = claimsOf(judged, confidence);
    const count = (judgement: string) => claims.filter((each) => each.judgement === judgement).length;
    const wrong = count('false');
    const bounds = wilson(wrong, claims.length).map((share) => `${(100 * share).toFixed(2)} %`);
    const share = percent(wrong, claims.length, 2);
    const counts = [count('right'), count('acceptable'), count('undecided'), wrong];
    return [confidence, claims.length, ...counts, share, bounds.join(' to ')];
  });
  return table([head, ...rows]);
}

function claimsOf(judged: readonly Judged[], confidence: string): readonly Judged[] {
  return judged.filter(({ verdict }) => verdict.confidence === confidence && verdict.state !== 'unknown');
}

function percent(count: number, total: number, digits = 1): string {
  return total === 0 ? '-' : `${((100 * count) / total).toFixed(digits)} %`;
}

/** A table whose first row is its head, and whose first column alone stands to the left. */
export function table([head = [], ...rows]: readonly (readonly (string | number)[])[]): string {
  const text = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...text.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const [headText = [], ...rest] = text;
  return `${[line(headText), line(rule), ...rest.map(line)].join('\n')}\n`;
}
