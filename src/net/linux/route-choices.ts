/** What makes this machine choose among ways to one destination: rules that look at more than it, and several next hops. */
import type { Family } from '../../model/address.ts';
import { equal } from '../../wire/bytes.ts';
import type { Netlink } from './netlink.ts';
import { hasSeveralNextHops } from './route-dump.ts';
import { isSelective } from './rules.ts';

/** What is known is asked for again after so long. */
const LIFETIME_MS = 1000;

/** What is known of the routes of one family. */
interface Known {
  readonly untilMs: number;
  hasRules?: boolean;
  /** False where no route of the machine has several next hops. */
  hasNextHops?: boolean;
  /** The destination that was asked for last. */
  last?: { readonly destination: Uint8Array; readonly hasNextHops: boolean };
}

/** Asks the kernel, and keeps its answers for a second. Times are of `nowMs()`. */
export class RouteChoices {
  readonly #netlink: Netlink;
  readonly #known: { [Key in Family]?: Known } = {};

  constructor(netlink: Netlink) {
    this.#netlink = netlink;
  }

  /** True where a rule does not hold for every packet. @throws TransportError when the kernel cannot be asked */
  hasRules(family: Family, nowMs: number): boolean {
    const known = this.#fresh(family, nowMs);
    known.hasRules ??= this.#netlink.hasRule(family, isSelective);
    return known.hasRules;
  }

  /**
   * True where the route to the destination has several next hops. The first destination is asked for; for others, all
   * routes are looked through once, unless there are too many: then each is asked for.
   * @param destination - 4 or 16 octets
   * @throws TransportError when the kernel cannot be asked
   */
  hasNextHops(family: Family, destination: Uint8Array, nowMs: number): boolean {
    const known = this.#fresh(family, nowMs);
    if (known.last) {
      if (equal(known.last.destination, destination)) return known.last.hasNextHops;
      known.hasNextHops ??= this.#netlink.hasRoute(family, hasSeveralNextHops) ?? true;
      if (!known.hasNextHops) return false;
    }
    const answer = this.#netlink.route({ family, destination, asConfigured: true });
    const hasNextHops = 'route' in answer && answer.route.isMultipath;
    known.last = { destination: destination.slice(), hasNextHops };
    return hasNextHops;
  }

  /** True where it is known that no rule and no route makes a choice. Asks nothing. */
  hasNone(family: Family, nowMs: number): boolean {
    const { hasRules, hasNextHops } = this.#fresh(family, nowMs);
    return hasRules === false && hasNextHops === false;
  }

  /** Asks anew from now on. */
  forget(): void {
    delete this.#known[4];
    delete this.#known[6];
  }

  #fresh(family: Family, nowMs: number): Known {
    const known = this.#known[family];
    return known && known.untilMs >= nowMs ? known : (this.#known[family] = { untilMs: nowMs + LIFETIME_MS });
  }
}
