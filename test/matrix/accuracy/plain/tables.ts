/** The table of `npm run matrix:accuracy -- --plain`, in Markdown. */
import { wilson } from '../score.ts';
import { table } from '../tables.ts';
import type { PlainMark, PlainRun } from './run.ts';

const HEAD = [
  'kind',
  'networks',
  "target's",
  'doubted',
  'falsely marked',
  "forger's",
  'marked',
  'missed',
  'sealed',
  'guarded',
];

/**
 * One row a kind of network, and one for all: answers of the target's, how many of them have a doubt in JSON, and how many are
 * marked; answers of forgers, and what became of them. `PlainMark` says what the words mean.
 */
export function marksByKind(runs: readonly PlainRun[]): string {
  const kinds = [...new Set(runs.map(({ network }) => network.kind))].sort();
  const of = (kind: string) => runs.filter(({ network }) => network.kind === kind);
  return table([HEAD, ...kinds.map((kind) => rowOf(kind, of(kind))), rowOf('all', runs)]);
}

function rowOf(name: string, runs: readonly PlainRun[]): readonly (string | number)[] {
  const count = (mark: PlainMark) => runs.filter((run) => run.mark === mark).length;
  const [own, wrong, marked, missed] = [count('own'), count('false mark'), count('marked'), count('missed')];
  const [sealed, guarded] = [count('sealed'), count('guarded')];
  const doubted = runs.filter(({ mark, doubts }) => mark === 'own' && doubts.length > 0).length;
  const forged = marked + missed + sealed + guarded;
  return [name, runs.length, own + wrong, doubted, wrong, forged, marked, missed, sealed, guarded];
}

/** The shares that count, each with its 95 % bounds. */
export function shareOfMarks(runs: readonly PlainRun[]): string {
  const count = (...marks: readonly PlainMark[]) => runs.filter(({ mark }) => marks.includes(mark)).length;
  const own = count('own', 'false mark', 'guarded');
  const forged = count('marked', 'missed');
  return table([
    ['share', 'of', 'are', '95 % bounds'],
    ["marked, of the target's own answers", own, ...shareOf(count('false mark'), own)],
    [
      'marked, of forged ones whose forger lets some probes pass',
      forged,
      ...shareOf(count('marked'), forged),
    ],
  ]);
}

function shareOf(count: number, total: number): readonly [number, string] {
  const bounds = wilson(count, total).map((share) => `${(100 * share).toFixed(2)} %`);
  return [count, bounds.join(' to ')];
}
