/** Reads arguments as getopt(3) and getopt_long(3) do: clusters, attached values, `--` and `--name=value`. */
import type { OptionRow, OptionTable } from './option-table.ts';

/** One argument of a command line. `name` is the option as the user wrote it. */
export type Argument<Draft> =
  | { readonly kind: 'option'; readonly row: OptionRow<Draft>; readonly value: string; readonly name: string }
  | { readonly kind: 'operand'; readonly text: string }
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'missing-value'; readonly name: string }
  | { readonly kind: 'needless-value'; readonly name: string };

/** Yields the arguments in their order. Operands may stand between options; after `--` all are operands. */
export function* readArguments<Draft>(
  argv: readonly string[],
  table: OptionTable<Draft>,
): Generator<Argument<Draft>> {
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      yield* rest.map((text) => ({ kind: 'operand', text }) as const);
      return;
    }
    if (word.startsWith('--')) yield readLong(word, rest, table);
    else if (word.startsWith('-') && word !== '-') yield* readCluster(word, rest, table);
    else yield { kind: 'operand', text: word };
  }
}

/** `--name`, `--name=value` or `--name value`. */
function readLong<Draft>(word: string, rest: string[], table: OptionTable<Draft>): Argument<Draft> {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  const row = table.find(({ long }) => long === name.slice(2));
  if (!row) return { kind: 'unknown', name };
  if (row.argument === undefined) {
    return equals < 0 ? { kind: 'option', row, value: '', name } : { kind: 'needless-value', name };
  }
  const value = equals < 0 ? rest.shift() : word.slice(equals + 1);
  return value === undefined ? { kind: 'missing-value', name } : { kind: 'option', row, value, name };
}

/** `-n`, `-nq1`, `-q 1`. */
function* readCluster<Draft>(
  word: string,
  rest: string[],
  table: OptionTable<Draft>,
): Generator<Argument<Draft>> {
  for (let index = 1; index < word.length; index++) {
    const letter = word.charAt(index);
    const name = `-${letter}`;
    const row = table.find((candidate) => candidate.letter === letter);
    if (!row) {
      yield { kind: 'unknown', name };
      return;
    }
    if (row.argument === undefined) {
      yield { kind: 'option', row, value: '', name };
      continue;
    }
    const attached = word.slice(index + 1);
    const value = attached === '' ? rest.shift() : attached;
    yield value === undefined ? { kind: 'missing-value', name } : { kind: 'option', row, value, name };
    return;
  }
}
