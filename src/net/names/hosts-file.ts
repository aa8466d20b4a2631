/** Reads the table of hosts(5). */
import { familyOf, parseAddress, type Address, type Family } from '../../model/address.ts';
import type { Resolution } from '../../ports/resolver.ts';

interface Host {
  readonly canonicalName: string;
  readonly addresses: Address[];
}

/** The names and addresses of one file. */
export class HostsFile {
  readonly #byName = new Map<string, Host>();
  readonly #byAddress = new Map<Address, string>();

  /** @param text - of the file; lines that make no sense are skipped */
  constructor(text: string) {
    // block lists give one address to very many names
    const addresses = new Map<string, Address | undefined>();
    for (const line of text.split('\n')) {
      const [literal = '', canonicalName, ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
      if (canonicalName === undefined) continue;
      if (!addresses.has(literal)) addresses.set(literal, parseAddress(literal));
      const address = addresses.get(literal);
      if (address !== undefined) this.#add(address, canonicalName, aliases);
    }
  }

  #add(address: Address, canonicalName: string, aliases: readonly string[]): void {
    if (!this.#byAddress.has(address)) this.#byAddress.set(address, canonicalName);
    for (const name of new Set([canonicalName, ...aliases].map((each) => each.toLowerCase()))) {
      const host = this.#byName.get(name);
      if (host) host.addresses.push(address);
      else this.#byName.set(name, { canonicalName, addresses: [address] });
    }
  }

  /** The addresses of a name or alias, in the order of `families`; undefined when it has none of them. */
  resolve(name: string, families: readonly Family[]): Resolution | undefined {
    const host = this.#byName.get(name.toLowerCase().replace(/\.$/, ''));
    if (!host) return undefined;
    const addresses = families.flatMap((family) =>
      host.addresses.filter((each) => familyOf(each) === family),
    );
    return addresses.length > 0 ? { canonicalName: host.canonicalName, addresses } : undefined;
  }

  /** The canonical name on the first line of an address. A line without the address's zone counts too. */
  nameOf(address: Address): string | undefined {
    return this.#byAddress.get(address) ?? this.#byAddress.get(address.replace(/%.*/, ''));
  }
}
