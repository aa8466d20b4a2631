/** Text as wide as a terminal shows it: East Asian characters take two columns, combining ones none. */
import stringWidth from 'string-width';

/** The columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** The text, and behind it blanks up to so many columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** The first characters of a text that take up to so many columns. */
export function startOf(text: string, width: number): string {
  return taken(charactersOf(text), width).join('');
}

/**
 * The text with its middle left out, as it has to be to take up to `width` columns.
 * @param mark - stands for what is left out, and is narrower than `width`
 */
export function shortened(text: string, width: number, mark: string): string {
  if (widthOf(text) <= width) return text;
  const room = width - widthOf(mark);
  const characters = charactersOf(text);
  // the end tells more: the domain of a name, the host of an address
  const start = taken(characters, Math.floor(room / 2));
  const left = room - widthOf(start.join(''));
  const end = taken([...characters].reverse(), left).reverse();
  return start.join('') + mark + end.join('');
}

/** Breaks a text at its blanks into lines of up to `width` columns, or of one word where that is wider. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || widthOf(last) + 1 + widthOf(word) > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Characters as readers see them: a letter with its accents is one. UAX 29 */
function charactersOf(text: string): string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}

function taken(characters: readonly string[], width: number): string[] {
  const kept: string[] = [];
  let left = width;
  for (const character of characters) {
    left -= widthOf(character);
    if (left < 0) break;
    kept.push(character);
  }
  return kept;
}
