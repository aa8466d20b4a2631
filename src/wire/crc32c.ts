/** CRC-32C (Castagnoli), the checksum of SCTP. RFC 9260 appendix A. */

/** The generator polynomial 0x1EDC6F41 with its bits reversed. RFC 9260 appendix A. */
const POLYNOMIAL = 0x82f63b78;

/** Made at first use, because only SCTP needs it. */
let table: Uint32Array | undefined;

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let remainder = index;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
    return remainder;
  });
}

/** The CRC-32C of `bytes`: 32 bits, which SCTP sends least significant octet first. */
export function crc32c(bytes: Uint8Array): number {
  table ??= makeTable();
  let crc = 0xffffffff;
  for (const octet of bytes) crc = (crc >>> 8) ^ (table[(crc ^ octet) & 0xff] ?? 0);
  return ~crc >>> 0;
}
