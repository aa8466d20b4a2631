/** Names and AS numbers for a run. The resolver is opened when the first one is asked for. */
import { ResolveError } from '../model/errors.ts';
import type { Resolver } from '../ports/resolver.ts';
import { isPrivateUse, parseAddress, parseInetAddr, type Address, type Family } from '../model/address.ts';
import { embeddedIpv4, type Nat64Prefix } from '../model/nat64.ts';
import { Lookup, type Learn } from './lookup.ts';
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

/**
 * How long a line waits for the name of its responder, in milliseconds from the question. A name server that lives has
 * mostly answered by then; behind a dead one, the hops are worth more than their names.
 */
const PATIENCE_MS = 1000;

/** Looks up hosts and responders for one run. */
export class Names {
  readonly #world: World;
  readonly #options: NameOptions;
  readonly #lookups = new Map<Address, Lookup>();
  #resolver: Promise<Resolver> | undefined;
  #closed = false;
  #asksOrigins: boolean;

  constructor(world: World, options: NameOptions) {
    this.#world = world;
    this.#options = options;
    this.#asksOrigins = options.asNumbers;
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

  /** Makes ready to look up AS numbers. Where nobody can be asked, it says so, and no label has a number. */
  async openOrigins(): Promise<void> {
    if (!this.#asksOrigins) return;
    try {
      await (await this.#open()).openOrigins?.();
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error;
      const { warn } = this.#options;
      warn(error.message);
      warn('as_setup failed, AS# lookups disabled');
      this.#asksOrigins = false;
    }
  }

  /** The name and AS number of an address. Each address is looked up once. */
  label(address: Address): Promise<Label> {
    return this.#lookup(address).done;
  }

  /**
   * The same for a line that waits to be shown: what is known a second after the question, or now where that is later. A
   * whois server is waited for as long as it takes: the user has named it. No promise where all is known.
   */
  promptLabel(address: Address): Label | Promise<Label> {
    const lookup = this.#lookup(address);
    return lookup.known ?? this.#promptly(address, lookup);
  }

  async #promptly(address: Address, lookup: Lookup): Promise<Label> {
    if (this.#asksOrigins && this.#options.whoisServer !== undefined) await this.#origin(address);
    return await lookup.within(PATIENCE_MS);
  }

  /** Gives up all lookups under way. What is not known yet stays unknown. */
  async close(): Promise<void> {
    this.#closed = true;
    (await this.#resolver)?.close();
  }

  #lookup(address: Address): Lookup {
    const known = this.#lookups.get(address);
    if (known) return known;
    const { nat64, names } = this.#options;
    const asNumbers = this.#asksOrigins;
    const embedded = embeddedIpv4(address, nat64);
    const label = { ...(asNumbers ? { asNumber: 0 } : {}), ...(embedded === undefined ? {} : { embedded }) };
    const isNamed = names !== 'none' && (names !== 'public' || !isPrivateUse(address));
    const ask = (learn: Learn): Promise<unknown> =>
      Promise.all([
        isNamed ? this.#findName(address, learn) : undefined,
        asNumbers
          ? this.#origin(address).then((asNumber = 0) => {
              learn({ asNumber });
            })
          : undefined,
      ]);
    const lookup = new Lookup(this.#world.clock, label, isNamed || asNumbers ? ask : undefined);
    this.#lookups.set(address, lookup);
    return lookup;
  }

  async #origin(address: Address): Promise<number | undefined> {
    return (await this.#open()).originOf(address);
  }

  /** Tells the name, and again without the domain of this machine, which may take longer to find. */
  async #findName(address: Address, learn: Learn): Promise<void> {
    const { cutLocalDomain } = this.#options;
    const resolver = await this.#open();
    const name = await resolver.nameOf(address);
    if (name === undefined) return;
    learn({ name });
    if (cutLocalDomain) learn({ name: withoutLocalDomain(name, await resolver.localDomain()) });
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
