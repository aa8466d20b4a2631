/**
 * Offsets of members in the C library's structures, and their sizes, in octets. They differ by platform, and only they
 * do. The self-test at start checks them (self-test.ts).
 */

/** Structures of recvmmsg(2), clock_gettime(2) and packet filters. */
export interface Layout {
  /** struct mmsghdr; its msghdr comes first. */
  readonly message: {
    readonly size: number;
    readonly name: number;
    readonly nameLength: number;
    readonly vectors: number;
    readonly vectorCount: number;
    readonly control: number;
    readonly controlLength: number;
    readonly flags: number;
    /** Octets received. */
    readonly length: number;
  };
  /** struct iovec. */
  readonly vector: { readonly size: number; readonly base: number; readonly length: number };
  /** struct cmsghdr. */
  readonly control: {
    readonly length: number;
    readonly level: number;
    readonly type: number;
    readonly data: number;
    /** Each control message begins at a multiple of it. */
    readonly alignment: number;
  };
  /** struct timespec. */
  readonly time: { readonly size: number; readonly seconds: number; readonly nanoseconds: number };
  /** struct sock_fprog. */
  readonly program: { readonly size: number; readonly length: number; readonly instructions: number };
}

/**
 * 64-bit little-endian Linux, with the GNU C library or musl. Where musl has an int and padding, the GNU C library has
 * a size_t, which reads the same.
 */
const LINUX_LP64: Layout = {
  message: {
    size: 64,
    name: 0,
    nameLength: 8,
    vectors: 16,
    vectorCount: 24,
    control: 32,
    controlLength: 40,
    flags: 48,
    length: 56,
  },
  vector: { size: 16, base: 0, length: 8 },
  control: { length: 0, level: 8, type: 12, data: 16, alignment: 8 },
  time: { size: 16, seconds: 0, nanoseconds: 8 },
  program: { size: 16, length: 0, instructions: 8 },
};

/** Architectures whose socket options have the numbers of asm-generic. */
const LP64_ARCHITECTURES: readonly string[] = ['x64', 'arm64', 'riscv64', 'loong64'];

/**
 * The layout of a platform; undefined where it is not known.
 * @param platform - as `process.platform` names it
 * @param architecture - as `process.arch` names it
 */
export function platformLayout(
  platform: string = process.platform,
  architecture: string = process.arch,
): Layout | undefined {
  const known = platform === 'linux' && LP64_ARCHITECTURES.includes(architecture) && isLittleEndian();
  return known ? LINUX_LP64 : undefined;
}

function isLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}
