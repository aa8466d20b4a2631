/** Reads and writes octets as hexadecimal text, and reads the golden packets, which are written in it. */
import { readdirSync, readFileSync } from 'node:fs';

const PACKETS = new URL('../golden/packets/', import.meta.url);

/**
 * Reads hexadecimal text, which may hold white space, and comments from `#` to the end of a line.
 * @throws Error when the rest is no pairs of hexadecimal digits
 */
export function octetsOfHex(text: string): Uint8Array {
  const digits = text.replaceAll(/#.*$/gm, '').replaceAll(/\s+/g, '');
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error(`not octets in hexadecimal: ${digits}`);
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

/** Writes two digits an octet, without spaces. */
export function hexOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

/** Reads the datagram in test/golden/packets/`name`.hex, from its IP header on. */
export function goldenPacket(name: string): Uint8Array {
  return embedded(octetsOfHex(readFileSync(new URL(`${name}.hex`, PACKETS), 'utf8')));
}

/** Lists the names of all golden packets. */
export function goldenPacketNames(): string[] {
  return readdirSync(PACKETS).map((file) => file.replace(/\.hex$/, ''));
}

/** Copies `octets` to an odd offset of a larger buffer of 0xa5, so that a test shows who reads outside its view. */
export function embedded(octets: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(octets.length + 72).fill(0xa5);
  buffer.set(octets, 7);
  return buffer.subarray(7, 7 + octets.length);
}
