/** IP addresses: canonical text in the model, octets on the wire. */
import { Address6 } from 'ip-address';

/** The IP version. */
export type Family = 4 | 6;

/** An address in canonical text: dotted decimal, or RFC 5952 with an optional `%zone`. */
export type Address = string;

/** The family of a canonical address. */
export function familyOf(address: Address): Family {
  return address.includes(':') ? 6 : 4;
}

const IPV6_WITH_ZONE = /^(?<host>[^%]*)(?:%(?<zone>.*))?$/;

/** The canonical form of an address literal such as `fe80::1%eth0`; undefined when `text` is none. */
export function parseAddress(text: string): Address | undefined {
  if (isIpv4Text(text)) return text;
  const { host = '', zone } = IPV6_WITH_ZONE.exec(text)?.groups ?? {};
  if (zone !== undefined && !isZone(zone)) return undefined;
  if (!host.includes(':') || host.includes('/') || !Address6.isValid(host)) return undefined;
  return withZone(new Address6(host).correctForm(), zone);
}

/** Four decimal numbers up to 255, without leading zeros. */
function isIpv4Text(text: string): boolean {
  const parts = text.split('.', 5);
  return parts.length === 4 && parts.every((part) => String(Number(part) & 0xff) === part);
}

/** True for the name or number of an interface. Zones are printed, so nothing else may be one. RFC 4007 section 11. */
export function isZone(text: string): boolean {
  return /^[\w.-]+$/.test(text);
}

/**
 * Reads an IPv4 address as inet_addr(3) does: one to four parts in decimal, octal or hexadecimal, of which the last fills
 * the octets that are left. Undefined when `text` is none.
 */
export function parseInetAddr(text: string): Address | undefined {
  const parts = text.split('.').map(inetPart);
  const last = parts.pop();
  if (last === undefined || parts.length > 3 || !parts.every((part) => part <= 0xff)) return undefined;
  const room = 4 - parts.length;
  if (!(last < 256 ** room)) return undefined;
  const tail = Array.from({ length: room }, (_, index) => Math.floor(last / 256 ** (room - 1 - index)) % 256);
  return [...parts, ...tail].join('.');
}

/** The value of one part; NaN when it is no number. */
function inetPart(part: string): number {
  if (/^0[0-7]+$/.test(part)) return parseInt(part, 8);
  return /^(0x[0-9a-f]+|0|[1-9]\d*)$/i.test(part) ? Number(part) : NaN;
}

/** The 4 or 16 octets of an address, without its zone. */
export function octetsOf(address: Address): Uint8Array {
  if (familyOf(address) === 4) return Uint8Array.from(address.split('.'), Number);
  const octets = new Uint8Array(16);
  const view = new DataView(octets.buffer);
  const [before = '', after = ''] = withoutZone(address).split('::');
  for (const [index, word] of hexadecimalWords(before).entries()) view.setUint16(2 * index, word);
  const last = hexadecimalWords(after);
  for (const [index, word] of last.entries()) view.setUint16(16 + 2 * (index - last.length), word);
  return octets;
}

function hexadecimalWords(text: string): number[] {
  return text === '' ? [] : text.split(':').map((word) => parseInt(word, 16));
}

/** The canonical text of 4 or 16 octets. */
export function addressOf(octets: Uint8Array): Address {
  // by index: destructuring costs more than the text
  return octets.length === 4 ? `${octets[0]}.${octets[1]}.${octets[2]}.${octets[3]}` : ipv6Text(octets);
}

/** RFC 5952 section 4. By hand, because every IPv6 reply needs it and the package takes 7 us. */
function ipv6Text(octets: Uint8Array): Address {
  const words: number[] = [];
  for (let at = 0; at < 16; at += 2) words.push(((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0));
  const { start, length } = longestZeroRun(words);
  if (length < 2) return hexadecimal(words);
  return `${hexadecimal(words.slice(0, start))}::${hexadecimal(words.slice(start + length))}`;
}

function hexadecimal(words: readonly number[]): string {
  return words.map((word) => word.toString(16)).join(':');
}

/** The longest run of zero words, the first of equal ones. RFC 5952 section 4.2.3. */
function longestZeroRun(words: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let length = 0;
  for (const [index, word] of words.entries()) {
    length = word === 0 ? length + 1 : 0;
    if (length > longest.length) longest = { start: index - length + 1, length };
  }
  return longest;
}

/** The address without its zone. */
export function withoutZone(address: Address): Address {
  const zone = address.indexOf('%');
  return zone < 0 ? address : address.slice(0, zone);
}

/** Tells whether two addresses are the same, whatever their zones. */
export function sameHost(a: Address, b: Address): boolean {
  return a === b || withoutZone(a) === withoutZone(b);
}

/** Adds a zone, if there is one, to an address that has none. */
export function withZone(address: Address, zone: string | undefined): Address {
  return zone === undefined ? address : `${address}%${zone}`;
}

/** The zone of an address; undefined when it has none. */
export function zoneOf(address: Address): string | undefined {
  return address.split('%', 2)[1];
}

/** True for an IPv6 address that is valid on one link alone: fe80::/10. RFC 4291 section 2.5.6. */
export function isLinkLocal(address: Address): boolean {
  return address.startsWith('fe') && /^fe[89ab].:/.test(address); // what begins otherwise needs no expression
}

/** True for an IPv4 address for private use. RFC 1918 section 3. */
export function isPrivateUse(address: Address): boolean {
  return /^(10|172\.(1[6-9]|2\d|3[01])|192\.168)\./.test(address);
}
