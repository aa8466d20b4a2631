import { closeSync, openSync, readSync } from 'node:fs';

/** Octets of one draw. It has 16 bits more than any limit, so the remainder's bias is below 2^-16. */
const DRAW_LENGTH = 6;

/**
 * An unpredictable integer from 0 up to, not including, `limit`. It comes from the system's generator, random(4): to
 * load node:crypto would cost more than the rest of the start.
 * @param limit - 1 to 2^32
 */
export function randomBelow(limit: number): number {
  return drawn().reduce((number, octet) => number * 0x100 + octet, 0) % limit;
}

function drawn(): Uint8Array {
  const octets = new Uint8Array(DRAW_LENGTH);
  const device = openDevice();
  // the process has no file left to open, or the device is hidden from it: getrandom(2) needs none
  if (device === undefined) return process.getBuiltinModule('node:crypto').getRandomValues(octets);
  try {
    if (readSync(device, octets) !== DRAW_LENGTH) throw new Error('/dev/urandom gave too little');
  } finally {
    closeSync(device);
  }
  return octets;
}

function openDevice(): number | undefined {
  try {
    return openSync('/dev/urandom', 'r');
  } catch {
    return undefined;
  }
}
