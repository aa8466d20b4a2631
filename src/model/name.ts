/** Host names as text for people. */

/** RFC 1035 section 2.3.4. */
const NAME_LIMIT = 255;

/** `text` fit for any terminal: each character that is not printable becomes `?`; at most 255 characters. */
export function sanitiseName(text: string): string {
  // controls, bidi and other format characters, line separators, what draws nothing, halves of surrogate pairs; not a
  // constant of the module, for compiling it takes 1 ms of every start
  const notForTerminals = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
  return text.slice(0, NAME_LIMIT).replace(notForTerminals, '?');
}

/** `name` cut before its first dot where exactly `domain` follows it, in any case; '' cuts nothing. */
export function withoutLocalDomain(name: string, domain: string): string {
  const dot = name.indexOf('.');
  if (dot < 0 || domain === '') return name;
  return name.slice(dot + 1).toLowerCase() === domain.toLowerCase() ? name.slice(0, dot) : name;
}
