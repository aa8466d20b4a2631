/**
 * Numbers of Linux's interface to sockets, the same on every architecture of layout.ts: linux/socket.h,
 * asm-generic/socket.h, linux/in.h, linux/in6.h, linux/icmp.h, linux/time.h.
 */
export const AF = { INET: 2, INET6: 10 } as const;
export const SOCK = { STREAM: 1, DGRAM: 2, RAW: 3, NONBLOCK: 0o4000, CLOEXEC: 0o2000000 } as const;

/** Levels of options and of control messages. */
export const SOL = { IP: 0, SOCKET: 1, TCP: 6, IPV6: 41 } as const;

export const SO = {
  DEBUG: 1,
  REUSEADDR: 2,
  ERROR: 4,
  DONTROUTE: 5,
  RCVBUF: 8,
  ATTACH_FILTER: 26,
  RCVBUFFORCE: 33,
  TIMESTAMPNS: 35,
} as const;

export const IP = {
  TOS: 1,
  TTL: 2,
  MTU_DISCOVER: 10,
  RECVERR: 11,
  RECVTTL: 12,
  RECVERR_RFC4884: 26,
} as const;

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

/** Whole datagrams of either family are written to a socket of this protocol. raw(7) */
export const IPPROTO_RAW = 255;

/**
 * Values of IP_MTU_DISCOVER and IPV6_MTU_DISCOVER. `probe` sends what is as long as it is, whatever path MTU the kernel
 * has come to know: finding it is a probe's job. TCP sets DF for `do` alone. ip(7)
 */
export const PMTUDISC = { do: 2, probe: 3, interface: 4 } as const;

export const MSG = { DONTWAIT: 0x40, ERRQUEUE: 0x2000 } as const;

/** Of poll(2). */
export const POLL = { IN: 1 } as const;

export const CLOCK_REALTIME = 0;

/** asm-generic/errno-base.h */
export const ERRNO = { AGAIN: 11 } as const;
