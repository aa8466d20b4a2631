/**
 * `npm run guesses [-- COUNT] [--write]` counts how many of a million off-path guesses, or of COUNT, are taken for replies: for
 * each kind of probe, each way to forge a reply to it, and both families. `--write` puts the table into docs/security.md too.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { acceptedOf, ANSWERS, QUOTES, victimsOver, type Victim } from '../engine/guesses.ts';
import { tableText } from './table.ts';

const PAGE = new URL('../../docs/security.md', import.meta.url);
const TABLE = /(<!-- guesses -->\n).*(<!-- end of guesses -->)/s;
const MILLION = '1000000';

function rowOf(victim: Victim, count: number): string[] {
  const answers = ANSWERS[victim.type.name] ?? [];
  const accepted = acceptedOf(victim, [...QUOTES, ...answers], count);
  const quotes = QUOTES.map(({ name }) => String(accepted.get(name)));
  const answered = answers.map(({ name }) => `${name} ${accepted.get(name)}`).join(', ');
  const row = [`${victim.name}, IPv${victim.family}`, ...quotes, answered || 'none'];
  console.log(row.join(' | '));
  return row;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
});
const count = Number(positionals[0] ?? MILLION);
if (!(Number.isInteger(count) && count > 0)) throw new Error(`no count: ${positionals[0]}`);
const rows = ([4, 6] as const).flatMap((family) => victimsOver(family).map((victim) => rowOf(victim, count)));
const table = tableText({ head: ['probes', ...QUOTES.map(({ name }) => name), 'answers'], rows });
console.log(table);
if (values.write) {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(
    PAGE,
    page.replace(TABLE, (_, start: string, end: string) => `${start}\n${table}\n\n${end}`),
  );
}
