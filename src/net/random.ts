import { closeSync, openSync, readSync } from 'node:fs';

/** Octets of one draw: so many more bits than any limit has that the remainder's bias is below 2^-16. */
const DRAW_LENGTH = 6;

/**
 * An unpredictable integer from 0 up to, not including, `limit`, which is at most 2^32. From the system's own
 * generator, random(4): loading node:crypto for it would cost more than the rest of the start.
 */
export function randomBelow(limit: number): number {
  const octets = new Uint8Array(DRAW_LENGTH);
  const device = openSync('/dev/urandom', 'r');
  try {
    if (readSync(device, octets) !== DRAW_LENGTH) throw new Error('/dev/urandom gave too little');
  } finally {
    closeSync(device);
  }
  return octets.reduce((number, octet) => number * 0x100 + octet, 0) % limit;
}
