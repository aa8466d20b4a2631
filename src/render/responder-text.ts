/** A responder and its round-trip time, as both commands show them. */
import type { Address } from '../model/address.ts';
import type { Label } from '../model/label.ts';

/** A round-trip time in milliseconds, with three decimals as in both originals. */
export function rttText(rttMs: number): string {
  return `${rttMs.toFixed(3)} ms`;
}

/** The name, where there is one, the address, and the IPv4 address that it holds, where it does. */
export function hostText(address: Address, { name, embedded }: Label): string {
  const host = name === undefined ? address : `${name} (${address})`;
  return embedded === undefined ? host : `${host} [nat64 ${embedded}]`;
}
