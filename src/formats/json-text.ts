/** JSON that may be shown on a terminal. */
import { replaceUnprintable } from '../model/printable.ts';

/** A document, indented by two, with an end of line. Strings hold unprintable characters as escapes. RFC 8259 section 7 */
export function jsonText(document: unknown): string {
  const lines = JSON.stringify(document, undefined, 2).split('\n');
  return lines.map((line) => `${replaceUnprintable(line, escape)}\n`).join('');
}

/** Each half of a surrogate pair has an escape of its own. */
function escape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
