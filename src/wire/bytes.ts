/** Reads and writes octets in network order: big-endian. */
import { WireError } from './wire-error.ts';

/**
 * Checks that there are at least `needed` octets.
 * @param header - the header being read, for the error
 * @throws WireError when there are fewer
 */
export function need(bytes: Uint8Array, needed: number, header: string): void {
  if (bytes.length >= needed) return;
  throw new WireError('truncated', header, bytes.length, `need ${needed} octets, got ${bytes.length}`);
}

/**
 * A view of `bytes`, which may be a part of a larger buffer.
 * @throws WireError when there are fewer than `needed` octets
 */
export function viewOf(bytes: Uint8Array, needed: number, header: string): DataView {
  need(bytes, needed, header);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A new array of `headerLength` zero octets and a copy of `payload`. */
export function blank(headerLength: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerLength + payload.length);
  bytes.set(payload, headerLength);
  return bytes;
}

/** Reads 16 bits at `offset`; zeros past the end. Much faster than through a view, which has to be made first. */
export function uint16At(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

/** Reads 32 bits at `offset`; zeros past the end. */
export function uint32At(bytes: Uint8Array, offset: number): number {
  return int32At(bytes, offset) >>> 0;
}

/** Reads 32 bits at `offset` as a signed integer; zeros past the end. */
export function int32At(bytes: Uint8Array, offset: number): number {
  return (
    ((bytes[offset] ?? 0) << 24) |
    ((bytes[offset + 1] ?? 0) << 16) |
    ((bytes[offset + 2] ?? 0) << 8) |
    (bytes[offset + 3] ?? 0)
  );
}

/** Writes 16 bits at `offset`. Into a new array, much faster than through a view. */
export function setUint16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 8;
  bytes[offset + 1] = value & 0xff;
}

/** Writes 32 bits at `offset`. */
export function setUint32(bytes: Uint8Array, offset: number, value: number): void {
  setUint16(bytes, offset, value >>> 16);
  setUint16(bytes, offset + 2, value & 0xffff);
}

/** Joins the parts in a new array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Fills `target` with the octets from `start` on and returns it. For a few octets, copying one by one beats making a view. */
export function fillFrom(target: Uint8Array, bytes: Uint8Array, start: number): Uint8Array {
  for (let at = 0; at < target.length; at++) target[at] = bytes[start + at] ?? 0;
  return target;
}

/** True when both hold the same octets. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    if (a[index] !== b[index]) return false;
  }
  return true;
}
