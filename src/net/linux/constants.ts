/**
 * Numbers of Linux's socket interface, the same on every architecture of layout.ts. linux/socket.h,
 * asm-generic/socket.h, linux/in.h, linux/in6.h, linux/icmp.h, linux/time.h
 */

/** Address families. */
export const AF = { INET: 2, INET6: 10, NETLINK: 16 } as const;
/** Types of sockets, and flags that are added to them. socket(2) */
export const SOCK = { STREAM: 1, DGRAM: 2, RAW: 3, NONBLOCK: 0o4000, CLOEXEC: 0o2000000 } as const;

/** Levels of options and of control messages. */
export const SOL = { IP: 0, SOCKET: 1, TCP: 6, IPV6: 41, NETLINK: 270 } as const;

/** Options at the level SOL.SOCKET. socket(7) */
export const SO = {
  DEBUG: 1,
  REUSEADDR: 2,
  ERROR: 4,
  DONTROUTE: 5,
  RCVBUF: 8,
  BINDTODEVICE: 25,
  ATTACH_FILTER: 26,
  RCVBUFFORCE: 33,
  TIMESTAMPNS: 35,
  MARK: 36,
} as const;

/** Options at the level SOL.IP. ip(7) */
export const IP = {
  TOS: 1,
  TTL: 2,
  PKTINFO: 8,
  MTU_DISCOVER: 10,
  RECVERR: 11,
  RECVTTL: 12,
  RECVERR_RFC4884: 26,
  UNICAST_IF: 50,
  PROTOCOL: 52,
} as const;

/** Options at the level SOL.IPV6. ipv6(7), RFC 3542 */
export const IPV6 = {
  UNICAST_HOPS: 16,
  MTU_DISCOVER: 23,
  RECVERR: 25,
  V6ONLY: 26,
  RECVERR_RFC4884: 31,
  FLOWLABEL_MGR: 32,
  FLOWINFO_SEND: 33,
  PKTINFO: 50,
  RECVHOPLIMIT: 51,
  HOPLIMIT: 52,
  RTHDR: 57,
  DONTFRAG: 62,
  TCLASS: 67,
  AUTOFLOWLABEL: 70,
} as const;

/** A socket of this protocol sends whole datagrams, IP header included, and receives nothing. raw(7) */
export const IPPROTO_RAW = 255;

/**
 * Values of IP_MTU_DISCOVER and IPV6_MTU_DISCOVER. `probe` and `omit` ignore the path MTU that the kernel knows: to find
 * it is a probe's job. `omit` cuts what is longer than the interface's MTU, `probe` refuses it. `dont` cuts by the path
 * MTU; over IPv6 `omit` keeps "packet too big" from the socket, and `dont` reports it. TCP sets DF for `do` alone. ip(7),
 * ip6_sk_accept_pmtu() of include/net/ip6_route.h
 */
export const PMTUDISC = { dont: 0, do: 2, probe: 3, omit: 5 } as const;

/** Flags of sendmsg(2) and recvmsg(2). */
export const MSG = { DONTROUTE: 0x4, DONTWAIT: 0x40, ERRQUEUE: 0x2000 } as const;

/** Events of poll(2). */
export const POLL = { IN: 1 } as const;

/** The clock of SO_TIMESTAMPNS. clock_gettime(2) */
export const CLOCK_REALTIME = 0;

/** Error numbers. asm-generic/errno-base.h */
export const ERRNO = { AGAIN: 11, INVAL: 22 } as const;
