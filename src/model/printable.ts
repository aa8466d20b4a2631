/** Makes text from outside safe for any terminal: what a terminal might obey, and what hides or turns other text. */

/** Each unprintable character becomes `?`, ends of lines and tabs too: nobody's text looks like a line of ours. */
export function oneLine(text: string): string {
  return replaceUnprintable(text, () => '?');
}

/** As `oneLine`, but ends of lines and tabs stay: for texts whose parts from outside are each one line. */
export function printableLines(text: string): string {
  return text.split('\n').map(printableLine).join('\n');
}

function printableLine(line: string): string {
  return line.includes('\t') ? line.split('\t').map(oneLine).join('\t') : oneLine(line);
}

/**
 * Replaces control and format characters (bidi too), line separators, invisible ones, and halves of surrogate pairs.
 * @param replacement - of one character, which may be a surrogate pair
 */
export function replaceUnprintable(text: string, replacement: (character: string) => string): string {
  // most text is plain; the other expression is compiled here, for as a constant it would take 1 ms of every start
  if (/^[ -~]*$/.test(text)) return text;
  return text.replace(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, replacement);
}
