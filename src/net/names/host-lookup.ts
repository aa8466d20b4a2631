/** Looks up the addresses of a name in the DNS. */
import { familyOf, parseAddress, type Address, type Family } from '../../model/address.ts';
import type { Resolution } from '../../ports/resolver.ts';
import type { Answer } from './aliases.ts';
import { temporaryFailure } from './host-name.ts';
import type { DnsClient } from './dns-client.ts';

const TYPE = { 4: 'A', 6: 'AAAA' } as const;

/**
 * Tries the full names in turn, and asks for all families of a name at once.
 * @param typed - the name in messages
 * @returns the first name that has addresses, these in the order of `families`; undefined when none has
 * @throws ResolveError when nobody answers, or the servers refuse to
 */
export async function lookUpHost(
  client: Pick<DnsClient, 'query'>,
  typed: string,
  candidates: readonly string[],
  families: readonly Family[],
): Promise<Resolution | undefined> {
  let isRefused = false;
  for (const name of candidates) {
    const answers = await Promise.all(families.map((family) => client.query(name, TYPE[family])));
    const found = answers.map((answer, index) => addressesIn(answer, families[index]));
    const best = found.findIndex((addresses) => addresses.length > 0);
    if (best >= 0) return { canonicalName: answers[best]?.canonicalName ?? name, addresses: found.flat() };
    // nobody answers: the next name would only take as long again
    if (answers.includes(undefined)) throw temporaryFailure(typed);
    isRefused ||= answers.some((answer) => answer?.isRefused);
  }
  if (isRefused) throw temporaryFailure(typed);
  return undefined;
}

function addressesIn(answer: Answer | undefined, family: Family | undefined): Address[] {
  const addresses = (answer?.values ?? []).map(parseAddress).filter((each) => each !== undefined);
  return addresses.filter((address) => familyOf(address) === family);
}
