/** Decides which names may be asked for, and which may be shown. */
import { domainToASCII } from 'node:url';
import { parseAddress } from '../../model/address.ts';
import { ResolveError } from '../../model/errors.ts';
import { sanitiseName } from '../../model/name.ts';

/** In octets: each label has one more for its length, and the root has one. RFC 1035 section 2.3.4 */
const LONGEST_LABEL = 63;
const LONGEST_NAME = 255;
const SHOWN_OF_LONG_NAME = 32;

/** The error for a name without an address. The message shows the name fit for a terminal. */
export function unknownHost(name: string): ResolveError {
  return new ResolveError(`unknown host ${sanitiseName(name)}`);
}

/** The error for a name about which nobody answers, in the C library's words: it may exist all the same. */
export function temporaryFailure(name: string): ResolveError {
  return new ResolveError(`${sanitiseName(name)}: Temporary failure in name resolution`);
}

/** All of ASCII. */
const ASCII = /^[\u0000-\u007f]*$/;

/**
 * The name as name servers know it: each label that is not ASCII as an A-label. RFC 5890 section 2.3.2.1, and UTS #46 as
 * browsers have it
 * @throws ResolveError when it stands for no name, or `assertHostName` refuses it
 */
export function asciiName(name: string): string {
  assertHostName(name);
  if (ASCII.test(name)) return name;
  const ascii = domainToASCII(name);
  if (ascii === '') throw unknownHost(name);
  assertHostName(ascii);
  return ascii;
}

/** The name to show for a host: as it was typed where that stands for its canonical name, fit for a terminal. */
export function shownName(canonicalName: string, ascii: string, typed: string): string {
  const isTyped = ascii !== typed && canonicalName.toLowerCase() === ascii.toLowerCase();
  return sanitiseName(isTyped ? typed : canonicalName);
}

/** True when a name fits a query. @param name - without the root's dot */
export function fitsQuery(name: string): boolean {
  const lengths = name.split('.').map((label) => Buffer.byteLength(label));
  const total = lengths.reduce((sum, length) => sum + 1 + length, 1);
  return total <= LONGEST_NAME && lengths.every((length) => length <= LONGEST_LABEL);
}

/**
 * Refuses a name that no server can know.
 * @throws ResolveError when the name or a label is too long, a label is empty, or it holds spaces or control characters
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
 * Makes a name that somebody's server gave fit for a terminal. Undefined when it would only mislead: it holds nothing
 * legible, or spaces that could pass for columns, or looks like an address.
 */
export function presentableName(text: string): string | undefined {
  const name = sanitiseName(text);
  const isOdd = !/[\p{L}\p{N}]/u.test(name) || /\s/.test(name) || parseAddress(name) !== undefined;
  return isOdd ? undefined : name;
}

/** The part of a name after the first dot; '' when there is none. */
export function domainOf(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1);
}
