/** A recorded path over IPv6. */
import { cymruName } from '../../../src/net/names/cymru.ts';
import { reverseName } from '../../../src/net/names/reverse-name.ts';
import type {
  DestinationFormat,
  HopFormat,
  NameTable,
  PathFormat,
  Turn,
  WhoisFormat,
} from '../path-format.ts';
import { toIpv6 } from './address.ts';
import { errorOf, TIME_EXCEEDED } from './errors.ts';
import { HEADER_GROWTH } from './length.ts';

/** No link may have less. RFC 8200 section 5. */
export const LEAST_MTU = 1280;

/** Makes the path over IPv6: addresses, names, error codes, MTUs and rules of the firewall. */
export function twinPath(path: PathFormat): PathFormat {
  const { hops, dst, extra_src: others = [], dns, hosts, whois, nft } = path;
  return {
    ...path,
    extra_src: others.map(toIpv6),
    hops: hops.map(twinHop),
    dst: twinTarget(dst),
    ...(dns && { dns: { ...dns, names: twinNames(dns.names) } }),
    ...(hosts !== undefined && { hosts: toIpv6(hosts) }),
    ...(whois && { whois: twinWhois(whois) }),
    ...(nft && { nft: nft.map((command) => command.replace(/ ip /, ' ip6 ')) }),
  };
}

function twinTarget(dst: DestinationFormat): DestinationFormat {
  const { addr, turns, from } = dst;
  return {
    ...dst,
    addr6: toIpv6(addr),
    ...(turns && { turns: turns.map(twinTurn) }),
    ...(from !== undefined && { from6: toIpv6(from) }),
  };
}

function twinHop(hop: HopFormat): HopFormat {
  const { addr, code, mtu, dnat, turns, quote, reject } = hop;
  return {
    ...hop,
    addr6: typeof addr === 'string' ? toIpv6(addr) : addr.map(toIpv6),
    ...(code !== undefined && { error6: errorOf(code).error6 }),
    ...(mtu !== undefined && { mtu: Math.max(mtu, LEAST_MTU) }),
    ...(dnat !== undefined && { dnat: toIpv6(dnat) }),
    ...(turns && { turns: turns.map(twinTurn) }),
    ...(quote !== undefined && { quote: quote + HEADER_GROWTH }),
    ...(reject && { reject: twinReject(reject) }),
  };
}

function twinReject(reject: NonNullable<HopFormat['reject']>): NonNullable<HopFormat['reject']> {
  const codes = Object.entries(reject).map(
    ([matcher, code]) => [matcher, code === 'rst' ? code : errorOf(code).error6[1]] as const,
  );
  return Object.fromEntries(codes);
}

/** Of the turns that are messages, only time exceeded was recorded; its codes are the same. RFC 4443 section 3.3. */
function twinTurn(turn: Turn): Turn {
  if (typeof turn === 'number') return errorOf(turn).error6;
  return typeof turn === 'string' ? turn : [TIME_EXCEEDED, turn[1]];
}

/** `4.3.2.1.ZONE/TYPE`: an address with its octets in reverse. */
const REVERSE_KEY = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.(in-addr\.arpa|origin\.asn\.cymru\.com)\/(\w+)$/;

function twinNames(names: NameTable): NameTable {
  return Object.fromEntries(
    Object.entries(names).map(([key, value]) => [
      twinKey(key),
      typeof value === 'string' ? value : value.map(toIpv6),
    ]),
  );
}

function twinKey(key: string): string {
  const [, d, c, b, a, zone, type] = REVERSE_KEY.exec(key) ?? [];
  if (zone === undefined) return key.replace(/\/A$/, '/AAAA');
  const address = toIpv6([a, b, c, d].join('.'));
  return `${zone === 'in-addr.arpa' ? reverseName(address) : cymruName(address)}/${type}`;
}

function twinWhois({ addr, routes = {} }: WhoisFormat): WhoisFormat {
  const twins = Object.entries(routes).map(([address, answer]) => [toIpv6(address), answer] as const);
  return { addr: toIpv6(addr), routes: Object.fromEntries(twins) };
}
