/** The tables of `npm run matrix:accuracy`, in Markdown. */
import { isFalse, wilson, type Judged } from './score.ts';

const CONFIDENCES = ['certain', 'high', 'low'] as const;

/** One row a kind of network: how many verdicts of each confidence, and how many of them are false. */
export function byKind(judged: readonly Judged[]): string {
  const kinds = [...new Set(judged.map(({ network }) => network.kind))].sort();
  const head = ['kind', 'networks', 'verdicts', 'certain', 'false', 'high', 'false', 'low', 'unknown'];
  const rows = [...kinds, 'all'].map((kind) => {
    const own = kind === 'all' ? judged : judged.filter(({ network }) => network.kind === kind);
    const networks = new Set(own.map(({ network }) => network.seed)).size;
    const strong = CONFIDENCES.slice(0, 2).flatMap((confidence) => {
      const claims = claimsOf(own, confidence);
      return [claims.length, claims.filter(isFalse).length];
    });
    const low = claimsOf(own, 'low').length;
    const unknown = own.filter(({ verdict }) => verdict.state === 'unknown').length;
    return [kind, networks, own.length, ...strong, percent(low, own.length), percent(unknown, own.length)];
  });
  return table([head, ...rows]);
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

function table([head = [], ...rows]: readonly (readonly (string | number)[])[]): string {
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
