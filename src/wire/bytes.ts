import { WireError } from './wire-error.ts';

/**
 * A big-endian view of `bytes`, which may itself be a part of a larger buffer.
 * @throws WireError when there are fewer than `needed` octets
 */
export function viewOf(bytes: Uint8Array, needed: number, header: string): DataView {
  if (bytes.length < needed) {
    throw new WireError('truncated', header, bytes.length, `need ${needed} octets, got ${bytes.length}`);
  }
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A new array of `headerLength` zero octets and a copy of `payload`, and the view to write the header with. */
export function blank(headerLength: number, payload: Uint8Array): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(headerLength + payload.length);
  bytes.set(payload, headerLength);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** The parts one after the other, in a new array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Whether both hold the same octets. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    if (a[index] !== b[index]) return false;
  }
  return true;
}
