/**
 * What simulated targets answer to a probe, and what the verdict and the explained rule are to be: by the IP protocol that
 * carries it, so that a new probe type over a known protocol is held to what is known of that.
 */
import type { HostFormat } from '../sim/path-format.ts';

/** A target, and the state of a probe that has reached it. */
interface Target {
  readonly host: HostFormat;
  readonly state: 'open' | 'closed' | 'reached';
}

/** Why there is no such target. */
interface NoTarget {
  readonly none: string;
}

/** What is known of a protocol. */
export interface Carrier {
  /** It serves what the probe asks for. */
  readonly open: Target | NoTarget;
  /** It does not, and nothing filters the probe. */
  readonly closed: Target | NoTarget;
  /** How nftables is to match the probe, besides its addresses. */
  nft(port: number): RegExp;
}

const ICMP: Omit<Carrier, 'nft'> = {
  open: { host: {}, state: 'reached' },
  closed: { none: 'a host that gets an echo request answers it, or is mute' },
};

const BY_PROTOCOL: Readonly<Record<number, Carrier>> = {
  1: { ...ICMP, nft: () => /^icmp type echo-request$/ },
  6: {
    open: { host: { tcp_default: 'open' }, state: 'open' },
    closed: { host: { tcp_default: 'closed' }, state: 'closed' },
    nft: (port) => new RegExp(`^tcp dport ${port}$`),
  },
  17: {
    open: { host: { udp_default: 'echo' }, state: 'open' },
    closed: { host: { udp_default: 'closed' }, state: 'closed' },
    nft: (port) => new RegExp(`^udp dport ${port}$`),
  },
  58: { ...ICMP, nft: () => /^icmpv6 type echo-request$/ },
  132: {
    // INIT ACK or ABORT: a verdict does not tell them apart
    open: { host: { sctp: { 33434: 'open' } }, state: 'reached' },
    closed: { host: { sctp: { 33434: 'closed' } }, state: 'reached' },
    nft: (port) => new RegExp(`^sctp dport ${port}$`),
  },
  136: {
    open: { host: { udplite_default: 'echo' }, state: 'open' },
    closed: { host: { udplite_default: 'closed' }, state: 'closed' },
    nft: (port) => new RegExp(`^udplite dport ${port}$`),
  },
};

/** What is known of a protocol; of one that is not listed, that a host without it says so. */
export function carrierOf(protocol: number): Carrier {
  return (
    BY_PROTOCOL[protocol] ?? {
      open: { none: 'simulated hosts do not speak the protocol' },
      closed: { host: {}, state: 'reached' },
      // by a name that nft has for it, or by its number and the octets of the port
      nft: (port) => new RegExp(`^([a-z]+ dport ${port}|meta l4proto ${protocol}( @th,16,16 ${port})?)$`),
    }
  );
}
