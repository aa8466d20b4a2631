/** Octets as hexadecimal text, and the golden packets written in it. */
import { readdirSync, readFileSync } from 'node:fs';

const PACKETS = new URL('../golden/packets/', import.meta.url);

/** The octets of hexadecimal `text`, which may hold white space and comments from `#` to the end of a line. */
export function octetsOfHex(text: string): Uint8Array {
  const digits = text.replaceAll(/#.*$/gm, '').replaceAll(/\s+/g, '');
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error(`not octets in hexadecimal: ${digits}`);
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

/** Two digits an octet, without spaces. */
export function hexOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

/** The datagram in test/golden/packets/`name`.hex, from its IP header on. */
export function goldenPacket(name: string): Uint8Array {
  return embedded(octetsOfHex(readFileSync(new URL(`${name}.hex`, PACKETS), 'utf8')));
}

/** The names of all golden packets. */
export function goldenPacketNames(): string[] {
  return readdirSync(PACKETS).map((file) => file.replace(/\.hex$/, ''));
}

/** A copy of `octets` at an odd offset of a larger buffer of 0xa5, which shows who reads outside of a view. */
export function embedded(octets: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(octets.length + 72).fill(0xa5);
  buffer.set(octets, 7);
  return buffer.subarray(7, 7 + octets.length);
}
