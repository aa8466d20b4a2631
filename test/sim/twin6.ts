/** What a recorded case is over IPv6: the same path by its IPv6 addresses, the same text with what IPv6 makes of it. */
import { IP_PROTOCOL } from '../../src/wire/ip-protocol.ts';
import type { HopFormat, PathFormat } from './path-format.ts';
import type { RecordedProbe } from './record-probe.ts';
import type { RecordedCase } from './recorded.ts';

const HEADER_GROWTH = 20;
/** Lengths in the text that nobody chose: of the datagram, and of the ICMP message that quotes it. */
const DEFAULT_LENGTHS = /\b4[08](?= byte)/g;
/** Of the probes likewise. */
const LONGEST_DEFAULT = 48;
/** Below it no link may go. RFC 8200 section 5. */
const LEAST_MTU = 1280;
/** ICMPv6 types. RFC 4443 sections 3 and 4. */
const UNREACHABLE = 1;
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
/** What translators make of the codes of destination unreachable; of those left out, no route. RFC 7915 section 4.2. */
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

/** What IPv6 refuses, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  'bsd-nochecksum': '-x: IPv6 has no datagrams without checksums (RFC 8200 section 8.1); use -4',
};
/** No IPv6 address is for private use by RFC 1918. */
const WITHOUT_TWIN: readonly string[] = ['tcp-names-rfc1918'];

/** The case over IPv6, or undefined when it means nothing there. */
export function twin6(recorded: RecordedCase): RecordedCase | undefined {
  const { name, dialect, argv, topo, rc, stdout, stderr, probes } = recorded;
  if (WITHOUT_TWIN.includes(name)) return undefined;
  const twin = { name: `${name} over IPv6`, dialect, argv: argv.map(toIpv6), topo: twinPath(topo) };
  const errors = longer(toIpv6(stderr));
  const refusal = REFUSED[name];
  if (refusal !== undefined) {
    const [warning = ''] = errors.split('\n');
    return { ...twin, rc: 1, stdout: '', stderr: `${warning}\ntraceroute: ${refusal}`, probes: [] };
  }
  return { ...twin, rc, stdout: twinOutput(stdout, topo), stderr: errors, probes: probes.map(twinProbe) };
}

/** Each IPv4 address of the recorded paths as its IPv6 kin: `10.NN.0.M` is `fdNN::M`. */
function toIpv6(text: string): string {
  return text
    .replace(
      /\b10\.(\d+)\.0\.(\d+)\b/g,
      (_, net: string, host: string) => `fd${net.padStart(2, '0')}::${host}`,
    )
    .replace(/\b192\.168\.7\.7\b/g, 'fd77::7');
}

function longer(text: string): string {
  return text.replace(DEFAULT_LENGTHS, (length) => String(Number(length) + HEADER_GROWTH));
}

function twinPath(path: PathFormat): PathFormat {
  const { hops, dst, extra_src: others = [] } = path;
  return {
    ...path,
    extra_src: others.map(toIpv6),
    hops: hops.map(twinHop),
    dst: { ...dst, addr6: toIpv6(dst.addr) },
  };
}

function twinHop(hop: HopFormat): HopFormat {
  const { addr, code, mtu, dnat } = hop;
  return {
    ...hop,
    addr6: typeof addr === 'string' ? toIpv6(addr) : addr.map(toIpv6),
    ...(code === undefined ? {} : { error6: errorOf(code).error6 }),
    ...(mtu === undefined ? {} : { mtu: Math.max(mtu, LEAST_MTU) }),
    ...(dnat === undefined ? {} : { dnat: toIpv6(dnat) }),
  };
}

function errorOf(code: number): Error6 {
  return ERRORS[code] ?? NO_ROUTE;
}

function twinOutput(stdout: string, { hops }: PathFormat): string {
  const code = hops.find((hop) => hop.code !== undefined)?.code;
  return longer(toIpv6(stdout))
    .replace(LETTERS, (letters) => (code === undefined ? letters : errorOf(code).letters))
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
    len: len > LONGEST_DEFAULT ? len : len + HEADER_GROWTH,
    flow: 0,
  };
}
