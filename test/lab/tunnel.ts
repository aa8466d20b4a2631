/**
 * The link between a lab's tracer and its responder: a VXLAN tunnel whose far end is a plain UDP socket that gets
 * whole Ethernet frames and answers with frames. The far kernel never sees what is in them. RFC 7348.
 */
import { familyOf, type Address } from '../../src/model/address.ts';
import type { PathFormat } from '../sim/path-format.ts';
import { mustRun } from './command.ts';

/** Both ends of the underlay. RFC 7335: for links between a translator and its host, which no path uses. */
export const NEAR = '192.0.0.1';
/** The responder listens here. */
export const FAR = { address: '192.0.0.2', port: 4789 } as const;
/** Room for the longest datagram and its encapsulation: no path has a longer MTU than 65,000. */
const UNDERLAY_MTU = 65_535;
const DEFAULT_MTU = 1500;
/** MAC addresses of both ends. The tunnel asks for none: without ARP the kernel sends every frame to its own address. */
const NEAR_MAC = '02:00:00:00:00:08';
const FAR_MAC = Uint8Array.of(2, 0, 0, 0, 0, 9);

/** VXLAN's header before a frame. RFC 7348 section 5. */
const VXLAN_LENGTH = 8;
const MAC_LENGTH = 6;
const ETHERNET_LENGTH = 14;
/** Ethernet types of what the tunnel carries besides neighbour discovery's like. */
const IP_TYPES: readonly number[] = [0x0800, 0x86dd];
/** The bit of a MAC address that is set in those of groups. IEEE 802. */
const GROUP_BIT = 0x01;

/** Lets datagrams from and to any address in, source-routed ones too. */
const LENIENT = [
  'for each in /proc/sys/net/ipv4/conf/*; do',
  'echo 0 > $each/rp_filter; echo 1 > $each/accept_source_route; done',
].join(' ');

/** Joins two namespaces; the tracer's end is the interface `tun0`. */
export function connect(tracer: string, far: string): void {
  const mtu = ['mtu', String(UNDERLAY_MTU)];
  const near = ['under', ...mtu, 'netns', tracer];
  mustRun('ip', ['link', 'add', ...near, 'type', 'veth', 'peer', 'under', ...mtu, 'netns', far]);
  batch(far, [`address add ${FAR.address}/30 dev under`, 'link set under up']);
  batch(tracer, [
    `address add ${NEAR}/30 dev under`,
    'link set under up',
    `link add tun0 address ${NEAR_MAC} mtu ${DEFAULT_MTU} type vxlan id 1 local ${NEAR} remote ${FAR.address} dstport ${FAR.port} nolearning`,
    // no link-local address, whose upkeep would send what is no probe
    'link set tun0 addrgenmode none',
    'link set tun0 arp off',
  ]);
  mustRun('ip', ['netns', 'exec', tracer, 'sh', '-c', LENIENT]);
}

/** The keys of a path that the tracer's interface takes. */
export type Attachment = Pick<PathFormat, 'mtu' | 'gateway'>;

/**
 * Gives the tracer these addresses, and a default route of each family into the tunnel. Without a gateway every host is
 * attached to it. Forgets everything before, path MTUs too.
 */
export function configureTracer(
  tracer: string,
  addresses: readonly Address[],
  { mtu = DEFAULT_MTU, gateway }: Attachment = {},
): void {
  const families = new Set(addresses.map(familyOf));
  batch(tracer, [
    'link set tun0 down',
    'address flush dev tun0',
    `link set tun0 mtu ${mtu} up`,
    ...addresses.map(
      (address) => `address add ${address}/${familyOf(address) === 4 ? '32' : '128 nodad'} dev tun0`,
    ),
    ...[...families].map((family) =>
      family === 4 && gateway !== undefined
        ? `route replace default via ${gateway} dev tun0 onlink`
        : `route replace ${family === 4 ? '0.0.0.0/0' : '::/0'} dev tun0`,
    ),
  ]);
}

function batch(namespace: string, lines: readonly string[]): void {
  mustRun('ip', ['-n', namespace, '-batch', '-'], lines.join('\n'));
}

/** A datagram that came through the tunnel, and what makes a frame back of another. */
export interface Unpacked {
  /** From the IP header on. */
  readonly datagram: Uint8Array;
  readonly wrap: (answer: Uint8Array) => Uint8Array;
}

/** The IP datagram in a tunnelled frame; undefined when it holds none, or is for a group. */
export function unpack(message: Uint8Array): Unpacked | undefined {
  const frame = message.subarray(VXLAN_LENGTH);
  const type = ((frame[2 * MAC_LENGTH] ?? 0) << 8) | (frame[2 * MAC_LENGTH + 1] ?? 0);
  if (!IP_TYPES.includes(type) || (frame[0] ?? 0) & GROUP_BIT) return undefined;
  const headers = Uint8Array.from(message.subarray(0, VXLAN_LENGTH + ETHERNET_LENGTH));
  headers.set(headers.slice(VXLAN_LENGTH + MAC_LENGTH, VXLAN_LENGTH + 2 * MAC_LENGTH), VXLAN_LENGTH);
  headers.set(FAR_MAC, VXLAN_LENGTH + MAC_LENGTH);
  return {
    datagram: Uint8Array.from(frame.subarray(ETHERNET_LENGTH)),
    wrap: (answer) => Buffer.concat([headers, answer]),
  };
}
