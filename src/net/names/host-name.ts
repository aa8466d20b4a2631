/** Which names may be asked for, and which may be shown. */
import { parseAddress } from '../../model/address.ts';
import { ResolveError } from '../../model/errors.ts';
import { sanitiseName } from '../../model/name.ts';

/** RFC 1035 section 2.3.4: the labels with a length octet each, and the root's. */
const LONGEST_LABEL = 63;
const LONGEST_NAME = 255;
const SHOWN_OF_LONG_NAME = 32;

/** That `name` has no address; the name is made fit for a terminal. */
export function unknownHost(name: string): ResolveError {
  return new ResolveError(`unknown host ${sanitiseName(name)}`);
}

/** Whether a name without the root's dot fits a query. */
export function fitsQuery(name: string): boolean {
  const lengths = name.split('.').map((label) => Buffer.byteLength(label));
  const total = lengths.reduce((sum, length) => sum + 1 + length, 1);
  return total <= LONGEST_NAME && lengths.every((length) => length <= LONGEST_LABEL);
}

/**
 * Refuses a name that no server can know.
 * @throws ResolveError when it is too long, or a label is, or empty, or holds spaces or control characters
 */
export function assertHostName(name: string): void {
  const relative = name.replace(/\.$/, '');
  if (!fitsQuery(relative)) {
    const shown = sanitiseName(name.slice(0, SHOWN_OF_LONG_NAME));
    throw new ResolveError(`hostname "${shown}..." is too long`);
  }
  const isOdd = /\s/.test(relative) || sanitiseName(relative) !== relative;
  if (isOdd || relative.split('.').includes('')) throw unknownHost(name);
}

/**
 * A name as somebody's server gave it, fit for a terminal, or undefined when it would only mislead: nothing
 * legible in it, spaces that could pass for columns, or the look of an address.
 */
export function presentableName(text: string): string | undefined {
  const name = sanitiseName(text);
  const isOdd = !/[\p{L}\p{N}]/u.test(name) || /\s/.test(name) || parseAddress(name) !== undefined;
  return isOdd ? undefined : name;
}

/** What follows the first dot, or ''. */
export function domainOf(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1);
}
