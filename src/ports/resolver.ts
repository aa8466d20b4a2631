/** Names and AS numbers. net/names/ asks for them, test/sim/ makes them up. */
import type { Address, Family } from '../model/address.ts';

/** The addresses of a name. */
export interface Resolution {
  /** The name as the resolver knows it, aliases followed. */
  readonly canonicalName: string;
  /** At least one, the one to use first. */
  readonly addresses: readonly Address[];
}

/** Names and AS numbers. Every answer is cached for the run, and every wait is bounded. */
export interface Resolver {
  /**
   * The addresses of `name`, of these families alone. A literal is its own address.
   * @throws ResolveError when there is none
   */
  resolve(name: string, families: readonly Family[]): Promise<Resolution>;
  /** The name of an address, fit for a terminal, or undefined when it has none or nobody answers. */
  nameOf(address: Address): Promise<string | undefined>;
  /** The number of the AS that originates the address's prefix, or undefined when nobody knows. */
  originOf(address: Address): Promise<number | undefined>;
  /** The domain of this machine without the leading dot, or '' when it has none. */
  localDomain(): Promise<string>;
  /** Gives up what is still under way, so that nothing keeps the process alive. */
  close(): void;
}
