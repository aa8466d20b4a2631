/** Host names as text for people. */

/** RFC 1035 section 2.3.4. */
const NAME_LIMIT = 255;

/** Controls, bidi and other format characters, line separators, what draws nothing, halves of surrogate pairs. */
const NOT_FOR_TERMINALS = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** `text` fit for any terminal: each character that is not printable becomes `?`; at most 255 characters. */
export function sanitiseName(text: string): string {
  return text.slice(0, NAME_LIMIT).replace(NOT_FOR_TERMINALS, '?');
}

/** `name` cut before its first dot where exactly `domain` follows it, in any case; '' cuts nothing. */
export function withoutLocalDomain(name: string, domain: string): string {
  const dot = name.indexOf('.');
  if (dot < 0 || domain === '') return name;
  return name.slice(dot + 1).toLowerCase() === domain.toLowerCase() ? name.slice(0, dot) : name;
}
