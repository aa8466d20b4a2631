/** Names and AS numbers for a run. The resolver is opened when the first one is asked for. */
import type { Resolver } from '../ports/resolver.ts';
import { isPrivateUse, parseAddress, parseInetAddr, type Address, type Family } from '../model/address.ts';
import { embeddedIpv4, type Nat64Prefix } from '../model/nat64.ts';
import { withoutLocalDomain } from '../model/name.ts';
import type { NamePolicy } from '../model/plan.ts';
import type { Label } from '../model/label.ts';
import type { World } from '../ports/world.ts';

/** A host as the user named it. */
export interface ResolvedHost {
  /** The resolver's canonical name, or the address as it was typed. */
  readonly name: string;
  readonly addresses: readonly Address[];
}

/** Which names are looked up, and how they are shown. */
export interface NameOptions {
  readonly names: NamePolicy;
  readonly asNumbers: boolean;
  readonly nat64: readonly Nat64Prefix[];
  readonly whoisServer?: string;
  /** Cut the domain of this machine from names. */
  readonly cutLocalDomain: boolean;
  /** Takes one line that says what cannot be looked up. */
  readonly warn: (message: string) => void;
}

/** Looks up hosts and responders for one run. */
export class Names {
  readonly #world: World;
  readonly #options: NameOptions;
  readonly #labels = new Map<Address, Promise<Label>>();
  #resolver: Promise<Resolver> | undefined;
  #closed = false;

  constructor(world: World, options: NameOptions) {
    this.#world = world;
    this.#options = options;
  }

  /** The addresses of a host. A literal is its own. @throws ResolveError when none is of these families */
  async resolve(host: string, families: readonly Family[]): Promise<ResolvedHost> {
    const literal = parseAddress(host) ?? (families.includes(4) ? parseInetAddr(host) : undefined);
    if (literal !== undefined && families.includes(literal.includes(':') ? 6 : 4)) {
      return { name: host, addresses: [literal] };
    }
    const { canonicalName, addresses } = await (await this.#open()).resolve(host, families);
    return { name: canonicalName, addresses };
  }

  /** The name and AS number of an address. Each address is looked up once. */
  label(address: Address): Promise<Label> {
    const known = this.#labels.get(address);
    if (known) return known;
    const label = this.#ask(address);
    this.#labels.set(address, label);
    return label;
  }

  /** Gives up all lookups under way. What is not known yet stays unknown. */
  async close(): Promise<void> {
    this.#closed = true;
    (await this.#resolver)?.close();
  }

  async #ask(address: Address): Promise<Label> {
    const { asNumbers, nat64 } = this.#options;
    const [name, origin] = await Promise.all([
      this.#nameOf(address),
      asNumbers ? this.#open().then((resolver) => resolver.originOf(address)) : undefined,
    ]);
    const embedded = embeddedIpv4(address, nat64);
    return {
      ...(name === undefined ? {} : { name }),
      ...(asNumbers ? { asNumber: origin ?? 0 } : {}),
      ...(embedded === undefined ? {} : { embedded }),
    };
  }

  async #nameOf(address: Address): Promise<string | undefined> {
    const { names, cutLocalDomain } = this.#options;
    if (names === 'none' || (names === 'public' && isPrivateUse(address))) return undefined;
    const resolver = await this.#open();
    const name = await resolver.nameOf(address);
    if (name === undefined || !cutLocalDomain) return name;
    return withoutLocalDomain(name, await resolver.localDomain());
  }

  #open(): Promise<Resolver> {
    const { whoisServer, warn } = this.#options;
    this.#resolver ??= this.#world.openResolver({
      warn,
      ...(whoisServer === undefined ? {} : { whoisServer }),
    });
    return this.#resolver.then((resolver) => {
      if (this.#closed) resolver.close();
      return resolver;
    });
  }
}
