/** Reads the form that protocols(5) and services(5) share: a name, a number, perhaps a protocol, then aliases. */
import { readFileSync } from 'node:fs';

/** One line of such a file. */
export interface NumberLine {
  readonly names: readonly string[];
  readonly number: number;
  /** The word after the number and a slash: `tcp`. */
  readonly protocol?: string;
}

/** The largest port. */
const MOST = 0xffff;

/** The entries of a text, in order. Lines of another form are skipped. */
export function parseNumberFile(text: string): NumberLine[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', number = '', ...aliases] = (line.split('#', 1)[0] ?? '').trim().split(/\s+/);
    const match = /^(\d{1,5})(?:\/(\S+))?$/.exec(number);
    if (!match) return [];
    const [, digits, protocol] = match;
    if (Number(digits) > MOST) return [];
    return [
      { names: [name, ...aliases], number: Number(digits), ...(protocol === undefined ? {} : { protocol }) },
    ];
  });
}

/** The entries of a file; none when it cannot be read. */
export function readNumberFile(file: string): NumberLine[] {
  try {
    return parseNumberFile(readFileSync(file, 'utf8'));
  } catch {
    return []; // absent on some systems: the callers have lists of their own
  }
}
