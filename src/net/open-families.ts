import type { Family } from '../model/address.ts';
import { TransportError } from '../model/errors.ts';

/**
 * Opens each family; one that the system was built or booted without is left out where there is another.
 * @throws what `open` throws otherwise
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
