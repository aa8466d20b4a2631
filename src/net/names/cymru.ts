/** AS numbers from Team Cymru's DNS zones, https://www.team-cymru.com/ip-asn-mapping. */
import { familyOf, type Address } from '../../model/address.ts';
import { asNumberOf, mostSpecificOrigin, prefixLengthOf, type OriginClaim } from './origin.ts';
import { reversedLabels } from './reverse-name.ts';

/** The name that owns the TXT records of an address. */
export function cymruName(address: Address): string {
  return `${reversedLabels(address)}.${familyOf(address) === 4 ? 'origin' : 'origin6'}.asn.cymru.com`;
}

/**
 * The AS of the most specific prefix among records such as `23028 | 216.90.108.0/24 | US | arin | 1998-09-25`. Of
 * several numbers in a record the first counts. Undefined when there is none.
 */
export function cymruOrigin(records: readonly string[]): number | undefined {
  return mostSpecificOrigin(records.map(claimOf).filter((claim) => claim !== undefined));
}

function claimOf(record: string): OriginClaim | undefined {
  const [asNumbers = '', prefix = ''] = record.split('|', 2).map((field) => field.trim());
  const asNumber = asNumberOf(asNumbers);
  return asNumber === undefined ? undefined : { asNumber, prefixLength: prefixLengthOf(prefix) };
}
