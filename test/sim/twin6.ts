/** Recorded cases over IPv6: the same path by IPv6 addresses, the same text with what IPv6 makes of it. */
import { cymruName } from '../../src/net/names/cymru.ts';
import { reverseName } from '../../src/net/names/reverse-name.ts';
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
import type {
  DestinationFormat,
  HopFormat,
  NameTable,
  PathFormat,
  Turn,
  WhoisFormat,
} from './path-format.ts';
import type { RecordedProbe } from './record-probe.ts';
import type { RecordedCase } from './recorded.ts';

const HEADER_GROWTH = 20;
/** Lengths in the text that nobody chose: of the datagram, and of the ICMP message that quotes it. */
const DEFAULT_LENGTHS = /\b4[08](?= (?:byte|chars))/g;
/** The octets that -D prints, two digits each. */
const SENT_DIGITS = /<(\d+)(?= hex digits sent>)/g;
/** Of the probes likewise. */
const LONGEST_DEFAULT = 48;
/** Below it no link may go. RFC 8200 section 5. */
const LEAST_MTU = 1280;
/** ICMPv6 types. RFC 4443 sections 3 and 4. */
const UNREACHABLE = 1;
const TIME_EXCEEDED = 3;
const PARAMETER_PROBLEM = 4;
const ECHO_REQUEST = 128;

/** An ICMPv6 error and the letters that show it. */
interface Error6 {
  readonly error6: readonly [type: number, code: number];
  readonly letters: string;
}
const NO_ROUTE: Error6 = { error6: [UNREACHABLE, 0], letters: ' !N' };
const PROHIBITED: Error6 = { error6: [UNREACHABLE, 1], letters: ' !X' };
const PORT: Error6 = { error6: [UNREACHABLE, 4], letters: ' !p' };
/** Translators turn the codes of destination unreachable into these; those left out become no route. RFC 7915 section 4.2. */
const ERRORS: Readonly<Record<number, Error6>> = {
  2: { error6: [PARAMETER_PROBLEM, 1], letters: ' !P' },
  3: PORT,
  9: PROHIBITED,
  10: PROHIBITED,
  13: PROHIBITED,
  15: PROHIBITED,
};
const LETTERS = / !(?:[A-Zp]|<\d+>)(?= |$)/gm;

/** What -D calls the octets of an IP header. */
const KEY4 = 'vhtslen id  off tlprsum srcip   dstip   ';
const KEY6 = 'vcflowlblen nxhlsrcip                           dstip                           ';
/** Of the first quoted octets, the one that routers have changed: the 9th in IPv4, the 8th in IPv6. */
const CHANGED_TTL = { 4: '________________hh__', 6: '______________hh____' } as const;

/** IPv6 refuses `-x` of these. */
const WITHOUT_CHECKSUM = ['bsd-nochecksum', 'bsd-nochecksum-icmp', 'bsd-nochecksum-udplite'];
const NO_CHECKSUM = '-x: IPv6 has no datagrams without checksums (RFC 8200 section 8.1); use -4';

/** Cases that mean nothing over IPv6, and why. */
const WITHOUT_TWIN: Readonly<Record<string, readonly string[]>> = {
  'no IPv6 address is for private use by RFC 1918': [
    ...['tcp-names-172', 'tcp-names-hosts', 'tcp-names-public', 'tcp-names-rfc1918'],
    ...['tcp-target-hosts', 'tcp-target-name', 'tcp-target-name-private'],
  ],
  'IPv6 has no loose source route: RFC 5095': [
    ...['bsd-gateway', 'bsd-gateway-8', 'bsd-gateway-9', 'bsd-gateway-diff', 'bsd-gateway-short'],
    'bsd-gateway-unknown',
  ],
  'the lengths asked for are at the limits that IPv4 sets': [
    ...['bsd-length-least-gre', 'bsd-length-least-tcp', 'bsd-length-least-udplite', 'bsd-length-sctp-40'],
    ...['bsd-length-sctp-not-4', 'bsd-length-too-small-99', 'bsd-length-too-small-icmp'],
    ...['bsd-length-too-small-sctp', 'bsd-length-too-small-udp', 'tcp-length-odd', 'tcp-mtu-df'],
  ],
  'addresses cut short are IPv4': ['bsd-target-short-form', 'tcp-target-short-form'],
  'the packet printed is one of IPv4': ['bsd-verbose-twice'],
  'the gateway of a path is one of IPv4': ['bsd-not-attached'],
};
const NAMES_WITHOUT_TWIN = new Set(Object.values(WITHOUT_TWIN).flat());

/** Messages that come besides the answers were recorded of ICMP alone. */
function hasTwin({ name, topo }: RecordedCase): boolean {
  return !NAMES_WITHOUT_TWIN.has(name) && !topo.hops.some(({ also }) => also !== undefined);
}

/** Makes the case over IPv6; undefined when it means nothing there. */
export function twin6(recorded: RecordedCase): RecordedCase | undefined {
  const { name, dialect, argv, topo, rc, stdout, stderr, probes } = recorded;
  if (!hasTwin(recorded)) return undefined;
  const twin = { name: `${name} over IPv6`, dialect, argv: argv.map(toIpv6), topo: twinPath(topo) };
  const errors = longer(toIpv6(stderr));
  if (WITHOUT_CHECKSUM.includes(name)) {
    const [warning = ''] = errors.split('\n');
    return { ...twin, rc: 1, stdout: '', stderr: `${warning}\ntraceroute: ${NO_CHECKSUM}`, probes: [] };
  }
  return { ...twin, rc, stdout: twinOutput(stdout, topo), stderr: errors, probes: probes.map(twinProbe) };
}

/** Documentation prefixes for documentation prefixes. RFC 5737, RFC 3849. */
const PUBLIC: Readonly<Record<string, string>> = {
  '192.0.2': '2001:db8:c0',
  '198.51.100': '2001:db8:c6',
  '203.0.113': '2001:db8:cb',
};

/** Gives each IPv4 address of the recorded paths its IPv6 kin: `10.NN.0.M` is `fdNN::M`, `127.0.0.1` is `::1`. */
function toIpv6(text: string): string {
  return text
    .replace(
      /\b10\.(\d+)\.0\.(\d+)\b/g,
      (_, net: string, host: string) => `fd${net.padStart(2, '0')}::${host}`,
    )
    .replace(/\b(192\.0\.2|198\.51\.100|203\.0\.113)\.(\d+)\b/g, (_, net: string, host: string) => {
      return `${PUBLIC[net]}::${host}`;
    })
    .replace(/\b192\.168\.7\.7\b/g, 'fd77::7')
    .replace(/\b127\.0\.0\.1\b/g, '::1');
}

function longer(text: string): string {
  return text
    .replace(DEFAULT_LENGTHS, (length) => String(Number(length) + HEADER_GROWTH))
    .replace(SENT_DIGITS, (_, digits: string) => `<${2 * grown(Number(digits) / 2)}`);
}

/** The length of a probe over IPv6: the same where the user chose it. */
function grown(length: number): number {
  return length > LONGEST_DEFAULT ? length : length + HEADER_GROWTH;
}

function twinPath(path: PathFormat): PathFormat {
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

function errorOf(code: number): Error6 {
  return ERRORS[code] ?? NO_ROUTE;
}

/** The code of a letter that turns show; a path with `code` has that one alone. */
const CODE_OF_LETTER: Readonly<Record<string, number>> = {
  ' !N': 0,
  ' !H': 1,
  ' !p': 3,
  ' !X': 13,
  ' !A': 13,
};

function twinOutput(stdout: string, { hops }: PathFormat): string {
  const code = hops.find((hop) => hop.code !== undefined)?.code;
  return longer(toIpv6(stdout))
    .replace(LETTERS, (letters) => {
      const known = code ?? CODE_OF_LETTER[letters];
      return known === undefined ? letters : errorOf(known).letters;
    })
    .replace(/ !F-\d+/g, ` !F-${LEAST_MTU}`)
    .replaceAll(KEY4, KEY6)
    .replaceAll(CHANGED_TTL[4], CHANGED_TTL[6]);
}

function twinProbe(probe: RecordedProbe): RecordedProbe {
  const { proto, dst, src, icmp, len } = probe;
  return {
    ...probe,
    proto: proto === IP_PROTOCOL.icmp ? IP_PROTOCOL.icmpv6 : proto,
    dst: toIpv6(dst),
    src: toIpv6(src),
    icmp: icmp && [ECHO_REQUEST, 0, icmp[2], icmp[3]],
    df: false,
    off: 0,
    len: grown(len),
    flow: 0,
  };
}
