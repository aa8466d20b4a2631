/**
 * Reads the table of hosts(5). Tables of hundreds of thousands of lines are in use, to block advertisers: the text is
 * searched for what is asked, and nothing is made of the other lines.
 */
import { familyOf, parseAddress, type Address, type Family } from '../../model/address.ts';
import type { Resolution } from '../../ports/resolver.ts';

/** Lines of one family that are looked at for one question: a trace takes the first, and no table has so many in earnest. */
const MOST_LINES = 64;

/** The head of a line, from its start on: an address and the canonical name. */
const HEAD = /[^\S\n]*(?<literal>[^\s#]+)[^\S\n]+(?<canonicalName>[^\s#]+)/y;

/** The start of a line that may have an address of the family. */
const START = { 4: /^[^\S\n]*[^\s:]+[^\S\n]/gm, 6: /^[^\S\n]*[^\s:]*:/gm } as const;

interface Line {
  readonly literal: string;
  readonly canonicalName: string;
}

/** The names and addresses of one file. */
export class HostsFile {
  readonly #text: string;

  /** @param text - of the file; lines that make no sense are skipped */
  constructor(text: string) {
    this.#text = text;
  }

  /** The addresses of a name or alias, in the order of `families`; undefined when it has none of them. */
  resolve(name: string, families: readonly Family[]): Resolution | undefined {
    const found: { canonicalName: string; address: Address }[] = [];
    for (const { literal, canonicalName } of this.#linesWith(escaped(name.replace(/\.$/, '')))) {
      const address = parseAddress(literal);
      if (address !== undefined) found.push({ canonicalName, address });
    }
    const own = families.flatMap((family) => found.filter(({ address }) => familyOf(address) === family));
    const addresses = [...new Set(own.map(({ address }) => address))];
    const [first] = found;
    return first && addresses.length > 0 ? { canonicalName: first.canonicalName, addresses } : undefined;
  }

  /** The canonical name on the first line of an address. A line without the address's zone counts too. */
  nameOf(address: Address): string | undefined {
    const withoutZone = address.replace(/%.*/, '');
    let name: string | undefined;
    for (const { literal, canonicalName } of this.#linesWith(literalsOf(withoutZone))) {
      const listed = parseAddress(literal);
      if (listed === address) return canonicalName;
      if (listed === withoutZone) name ??= canonicalName;
    }
    return name;
  }

  /** The lines with a word that is like `pattern`, in upper or lower case, as many of each family as are looked at. */
  *#linesWith(pattern: string): Generator<Line> {
    if (pattern === '') return; // it would match without end, at the end of a line
    const text = this.#text;
    const word = new RegExp(`(?<!\\S)(?:${pattern})(?![^\\s#])`, 'gi');
    const left = { 4: MOST_LINES, 6: MOST_LINES };
    for (let match = word.exec(text); match; match = word.exec(text)) {
      const start = text.lastIndexOf('\n', match.index) + 1;
      const end = text.indexOf('\n', match.index);
      const line = lineAt(text, start, match.index);
      if (line) {
        left[familyOf(line.literal)]--;
        yield line;
      }
      if (end < 0) return; // a name may stand on its line as often as it likes
      const next = nextStart(text, end, left);
      if (next === undefined) return;
      word.lastIndex = next;
    }
  }
}

/** The line from `start` on; undefined where it has no name, or is a comment before `wordAt`. */
function lineAt(text: string, start: number, wordAt: number): Line | undefined {
  HEAD.lastIndex = start;
  const { literal, canonicalName } = HEAD.exec(text)?.groups ?? {};
  if (literal === undefined || canonicalName === undefined) return undefined;
  return text.slice(start, wordAt).includes('#') ? undefined : { literal, canonicalName };
}

/** Where the next line starts of a family of which lines are left to look at; undefined when there is none. */
function nextStart(text: string, end: number, left: Readonly<Record<Family, number>>): number | undefined {
  if (left[4] > 0 && left[6] > 0) return end;
  const family = left[4] > 0 ? 4 : 6;
  if (left[family] <= 0) return undefined;
  START[family].lastIndex = end;
  return START[family].exec(text)?.index;
}

/** A pattern for all ways to write an address. */
function literalsOf(address: Address): string {
  if (familyOf(address) === 4) return escaped(address);
  const last = address.slice(address.lastIndexOf(':') + 1).replace(/^0+/, '');
  const ending = `0{0,${Math.max(0, 4 - last.length)}}${escaped(last)}`;
  return `[\\da-f:.]*:(?:${ending}|\\d+\\.\\d+\\.\\d+\\.\\d+)(?:%\\S+)?`;
}

/** A pattern for the text itself. */
function escaped(text: string): string {
  return text.replace(/[^\w]/g, '\\$&');
}
