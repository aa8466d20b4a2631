/**
 * Asks the C library for names and addresses, which asks all services that this machine has for them. Each question takes
 * a thread until it is answered.
 */
import { familyOf, parseAddress, type Address, type Family } from '../../model/address.ts';
import { temporaryFailure } from './host-name.ts';

/** Questions at once. A name server that is dead holds each of them for seconds. */
const THREADS = 32;
/** The service that a name is asked with matters to nobody. */
const ANY_PORT = 0;

/** Has Node make more than its four threads. Call it before anything else takes one: it makes them only then. */
export function wantThreads(): void {
  process.env['UV_THREADPOOL_SIZE'] ??= String(THREADS);
}

/**
 * The addresses of a name in the order of `families`, each family's in the library's order; none when nobody knows it.
 * @throws ResolveError when nobody who might know it answers
 */
export async function systemAddresses(name: string, families: readonly Family[]): Promise<Address[]> {
  const { lookup } = await import('node:dns/promises');
  const found = await Promise.all(
    families.map(async (family) => {
      try {
        return (await lookup(name, { family, all: true, verbatim: true })).map(({ address }) => address);
      } catch (error) {
        return codeOf(error);
      }
    }),
  );
  const addresses = found.flatMap((each) => (typeof each === 'string' ? [] : each));
  if (addresses.length === 0 && found.includes('EAI_AGAIN')) throw temporaryFailure(name);
  const read = addresses.map(parseAddress).filter((address) => address !== undefined);
  return families.flatMap((family) => read.filter((address) => familyOf(address) === family));
}

/** The name of an address; '' when it has none, or nobody answers. */
export async function systemName(address: Address): Promise<string> {
  const { lookupService } = await import('node:dns/promises');
  try {
    return (await lookupService(address, ANY_PORT)).hostname;
  } catch {
    return ''; // ENOTFOUND, or EAI_AGAIN
  }
}

/** EAI_AGAIN, ENOTFOUND and so on. */
function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? ''; // node:dns rejects with nothing else
}
