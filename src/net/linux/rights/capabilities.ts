/** Capabilities of the thread that runs the program. capabilities(7) */
import type { KernelMemory, Libc } from '../libc.ts';

/** The few that are named here, by their bit. linux/capability.h */
export const CAPABILITY = { SETGID: 6, SETUID: 7, NET_BIND_SERVICE: 10, NET_ADMIN: 12 } as const;

/** _LINUX_CAPABILITY_VERSION_3: three sets of 64 bits. */
const VERSION = 0x20080522;
const HEADER_LENGTH = 8;
/** Two of struct __user_cap_data_struct, the second with the high bits. */
const DATA = { size: 24, effective: 0, permitted: 4, high: 12 } as const;

/** Two sets, as bits. */
export interface Capabilities {
  /** What holds now. */
  readonly effective: bigint;
  /** What may be made to hold. */
  readonly permitted: bigint;
}

/** Asks for the sets of this thread. @throws TransportError when the system refuses */
export function capabilitiesOf(libc: Libc): Capabilities {
  const { octets, view } = libc.allocate(DATA.size);
  libc.check(libc.call('capget')(headerOf(libc).octets, octets));
  const setAt = (at: number): bigint =>
    (BigInt(view.getUint32(at + DATA.high, true)) << 32n) | BigInt(view.getUint32(at, true));
  return { effective: setAt(DATA.effective), permitted: setAt(DATA.permitted) };
}

/**
 * Gives up all but these, which must be permitted, for good. Threads that have started already keep theirs.
 * @param kept - bits of capabilities below 32
 * @throws TransportError when the system refuses
 */
export function keepCapabilities(libc: Libc, kept: number): void {
  const { octets, view } = libc.allocate(DATA.size);
  for (const at of [DATA.effective, DATA.permitted]) view.setUint32(at, kept, true);
  libc.check(libc.call('capset')(headerOf(libc).octets, octets));
}

/** struct __user_cap_header_struct, for the calling thread. */
function headerOf(libc: Libc): KernelMemory {
  const header = libc.allocate(HEADER_LENGTH);
  header.view.setUint32(0, VERSION, true);
  return header;
}
