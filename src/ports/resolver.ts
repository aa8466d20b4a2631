/** Names and AS numbers. net/names/ looks them up, test/sim/ makes them up. */
import type { Address, Family } from '../model/address.ts';

/** The addresses of a name. */
export interface Resolution {
  /** The name that the aliases lead to. */
  readonly canonicalName: string;
  /** At least one, the preferred one first. */
  readonly addresses: readonly Address[];
}

/** Looks up names and AS numbers. It caches every answer for the run and bounds every wait. */
export interface Resolver {
  /**
   * The addresses of `name` in these families. A literal is its own address.
   * @throws ResolveError when there is none
   */
  resolve(name: string, families: readonly Family[]): Promise<Resolution>;
  /** The name of an address, safe for a terminal; undefined when it has none or nobody answers. */
  nameOf(address: Address): Promise<string | undefined>;
  /**
   * Connects to the server that AS numbers are asked of. Absent where there is nothing to connect to.
   * @throws ResolveError, with the reason, where nobody can be asked
   */
  openOrigins?(): Promise<void>;
  /** The number of the AS that originates the address's prefix; undefined when nobody knows. */
  originOf(address: Address): Promise<number | undefined>;
  /** The domain of this machine without a leading dot; '' when it has none. */
  localDomain(): Promise<string>;
  /** Drops all pending questions, so that nothing keeps the process alive. */
  close(): void;
}
