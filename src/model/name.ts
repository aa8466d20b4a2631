/** Makes names fit to be shown. */
import { oneLine } from './printable.ts';

/** RFC 1035 section 2.3.4. */
const NAME_LIMIT = 255;

/** Makes a name safe for any terminal, as `oneLine` does; 255 characters are kept. */
export function sanitiseName(text: string): string {
  return oneLine(text.slice(0, NAME_LIMIT));
}

/** Cuts `name` at its first dot if exactly `domain` follows, upper or lower case. A `domain` of '' cuts nothing. */
export function withoutLocalDomain(name: string, domain: string): string {
  const dot = name.indexOf('.');
  if (dot < 0 || domain === '') return name;
  return name.slice(dot + 1).toLowerCase() === domain.toLowerCase() ? name.slice(0, dot) : name;
}
