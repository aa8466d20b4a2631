import type { Family } from '../model/address.ts';
import { TransportError } from '../model/errors.ts';

/**
 * Opens each family, and leaves out one that the system was built or booted without if another can be opened.
 * @param open - throws TransportError EAFNOSUPPORT for a family that the system lacks
 * @throws that error when the system lacks all families, and whatever else `open` throws
 */
export function openFamilies(families: readonly Family[], open: (family: Family) => void): void {
  const missing: TransportError[] = [];
  for (const family of families) {
    try {
      open(family);
    } catch (error) {
      if (!(error instanceof TransportError) || error.code !== 'EAFNOSUPPORT') throw error;
      missing.push(error);
    }
  }
  const [first] = missing;
  if (first && missing.length === families.length) throw first;
}
