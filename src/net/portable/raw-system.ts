/**
 * Describes how raw sockets differ between systems. The tests run Linux. The facts about macOS, FreeBSD, NetBSD and
 * OpenBSD come from the sources of their kernels (raw_ip.c, raw_ip6.c, in6.h); those systems were not run.
 */
import { IPV6 } from '../linux/constants.ts';
import { WIRE_FORM, type HeaderForm } from './header-form.ts';

/** Numbers of the IPv6 socket options that stand for header fields. RFC 3542; netinet6/in6.h, linux/in6.h */
export interface Ipv6FieldOptions {
  readonly hopLimit: number;
  readonly trafficClass: number;
  /** The source address: struct in6_pktinfo. */
  readonly packetInfo: number;
  readonly dontFragment: number;
  /** 1 has the kernel make up a flow label, 0 sends none. */
  readonly autoFlowLabel: number;
}

/** A system, as far as the portable transport needs to know it. */
export interface RawSystem {
  readonly name: string;
  /** Undefined where a probe over loopback has to find it. */
  readonly headerForm: HeaderForm | undefined;
  /** Undefined where a socket of protocol 255 sends IPv6 headers as they are given. Only Linux has such. */
  readonly ipv6Fields: Ipv6FieldOptions | undefined;
  /** True where IP_MTU_DISCOVER has to keep the kernel's own path MTU out of the way. */
  readonly discoversMtu: boolean;
  /** Octets to ask for as the send buffer, where the system's default holds no large datagram; else undefined. */
  readonly sendBufferLength: number | undefined;
  /** True where a socket can be bound to an interface and packets have firewall marks. Only Linux has both. */
  readonly bindsToDevice: boolean;
  /** True where raw sockets receive TCP and UDP. BSD kernels pass them to their own TCP and UDP alone. */
  readonly hearsTcp: boolean;
  /** Number of SO_DONTROUTE, which raw-socket does not export. sys/socket.h */
  readonly dontRoute: number;
}

/** Linux's numbers of the options: used where a test has Linux do as the BSDs do. */
export const LINUX_IPV6_FIELDS: Ipv6FieldOptions = {
  hopLimit: IPV6.UNICAST_HOPS,
  trafficClass: IPV6.TCLASS,
  packetInfo: IPV6.PKTINFO,
  dontFragment: IPV6.DONTFRAG,
  autoFlowLabel: IPV6.AUTOFLOWLABEL,
};

const LINUX: Omit<RawSystem, 'name'> = {
  headerForm: WIRE_FORM,
  ipv6Fields: undefined,
  discoversMtu: true,
  sendBufferLength: undefined,
  bindsToDevice: true,
  hearsTcp: true,
  dontRoute: 5,
};

const BSD_IPV6_FIELDS: Ipv6FieldOptions = {
  hopLimit: 4,
  trafficClass: 61,
  packetInfo: 46,
  dontFragment: 62,
  autoFlowLabel: 59,
};

const BSD: Omit<RawSystem, 'name'> = {
  headerForm: undefined,
  ipv6Fields: BSD_IPV6_FIELDS,
  discoversMtu: false,
  sendBufferLength: 0xffff, // the default, 8192 octets, bounds a datagram too
  bindsToDevice: false,
  hearsTcp: false,
  dontRoute: 0x10,
};

/** macOS kept an older number of IPV6_TCLASS. bsd/netinet6/in6.h of xnu */
const DARWIN: Omit<RawSystem, 'name'> = { ...BSD, ipv6Fields: { ...BSD_IPV6_FIELDS, trafficClass: 36 } };

/** @param platform - as `process.platform` names it; what is neither Linux nor macOS counts as a BSD */
export function rawSystem(platform: string = process.platform): RawSystem {
  if (platform === 'linux') return { name: platform, ...LINUX };
  return { name: platform, ...(platform === 'darwin' ? DARWIN : BSD) };
}
