/** Makes host names fit to be shown. */

/** RFC 1035 section 2.3.4. */
const NAME_LIMIT = 255;

/** Makes `text` safe for any terminal: each unprintable character becomes `?`, and 255 characters are kept. */
export function sanitiseName(text: string): string {
  // control and format characters (bidi too), line separators, invisible ones, halves of surrogate pairs; compiled here,
  // because a constant of the module would take 1 ms of every start
  const notForTerminals = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
  return text.slice(0, NAME_LIMIT).replace(notForTerminals, '?');
}

/** Cuts `name` at its first dot if exactly `domain` follows, upper or lower case. A `domain` of '' cuts nothing. */
export function withoutLocalDomain(name: string, domain: string): string {
  const dot = name.indexOf('.');
  if (dot < 0 || domain === '') return name;
  return name.slice(dot + 1).toLowerCase() === domain.toLowerCase() ? name.slice(0, dot) : name;
}
