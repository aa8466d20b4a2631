/** Integers as octets, for structures of the kernel. */

/** 16 bits in network order. */
export function bigEndian16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value);
}

/** 32 bits in network order. */
export function bigEndian32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** 32 bits in the machine's order, which layout.ts says is little-endian. */
export function littleEndian32(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}

/** Reads 16 bits in the machine's order, from the octet `at`; 0 where there are fewer. */
export function littleEndian16At(octets: Uint8Array, at: number): number {
  return (octets[at] ?? 0) | ((octets[at + 1] ?? 0) << 8);
}

/** Reads 32 bits in the machine's order; 0 where there are fewer. */
export function uint32Of(octets: Uint8Array | undefined): number {
  if (!octets || octets.length < 4) return 0;
  return new DataView(octets.buffer, octets.byteOffset).getUint32(0, true);
}
