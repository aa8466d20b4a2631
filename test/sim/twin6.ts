/** Recorded cases over IPv6: the same path by IPv6 addresses, the same text with what IPv6 makes of it. */
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
import type { RecordedProbe } from './record-probe.ts';
import type { RecordedCase } from './recorded.ts';
import { toIpv6 } from './twin6/address.ts';
import { grown, withLonger } from './twin6/length.ts';
import { twinOutput } from './twin6/output.ts';
import { twinPath } from './twin6/path.ts';
import { hasTwin } from './twin6/without-twin.ts';

/** RFC 4443 section 4.1. */
const ECHO_REQUEST = 128;
/** IPv6 refuses `-x` of these. */
const WITHOUT_CHECKSUM = ['bsd-nochecksum', 'bsd-nochecksum-icmp', 'bsd-nochecksum-udplite'];
const NO_CHECKSUM = '-x: IPv6 has no datagrams without checksums (RFC 8200 section 8.1); use -4';

/** Makes the case over IPv6; undefined when it means nothing there. */
export function twin6(recorded: RecordedCase): RecordedCase | undefined {
  const { name, dialect, argv, topo, rc, stdout, stderr, probes } = recorded;
  if (!hasTwin(recorded)) return undefined;
  const twin = { name: `${name} over IPv6`, dialect, argv: argv.map(toIpv6), topo: twinPath(topo) };
  const errors = withLonger(toIpv6(stderr));
  if (WITHOUT_CHECKSUM.includes(name)) {
    const [warning = ''] = errors.split('\n');
    return { ...twin, rc: 1, stdout: '', stderr: `${warning}\ntraceroute: ${NO_CHECKSUM}`, probes: [] };
  }
  return { ...twin, rc, stdout: twinOutput(stdout, topo), stderr: errors, probes: probes.map(twinProbe) };
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
