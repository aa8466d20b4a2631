/**
 * The C library's socket calls, through the package koffi. It is loaded when it is first needed: it is optional, and
 * loading takes ten milliseconds.
 */
import type { LibraryHandle } from 'koffi';
import { TransportError } from '../../model/errors.ts';
import { UnavailableError } from '../optional-package.ts';
import { errorOfNumber } from '../system-error.ts';
import { loadKoffi, type Koffi } from './koffi.ts';
import { platformLayout, type Layout } from './layout.ts';

/** Octets that the kernel reads or writes during one call. It keeps nothing of them afterwards. */
type Octets = Uint8Array;

/** Every call returns what the C function does, but for an error its negative number: -11 is EAGAIN. */
export interface Calls {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Octets, length: number): number;
  connect(fd: number, address: Octets, length: number): number;
  /** `length`: 4 octets, first the room in `address`, afterwards the length that was used. */
  getsockname(fd: number, address: Octets, length: Octets): number;
  setsockopt(fd: number, level: number, option: number, value: Octets, length: number): number;
  /** `length`: 4 octets, first the room in `value`, afterwards the length that was used. */
  getsockopt(fd: number, level: number, option: number, value: Octets, length: Octets): number;
  sendto(
    fd: number,
    octets: Octets | null,
    length: number,
    flags: number,
    address: Octets | null,
    addressLength: number,
  ): number;
  sendmsg(fd: number, message: Octets, flags: number): number;
  recv(fd: number, octets: Octets, length: number, flags: number): number;
  recvmmsg(fd: number, messages: Octets, count: number, flags: number, timeout: null): number;
  poll(descriptors: Octets, count: number, timeoutMs: number): number;
  epoll_create1(flags: number): number;
  epoll_ctl(epoll: number, operation: number, fd: number, event: Octets): number;
  epoll_wait(epoll: number, events: Octets, count: number, timeoutMs: number): number;
  close(fd: number): number;
  _exit(status: number): number;
  clock_gettime(clock: number, time: Octets): number;
  /** Returns 0 when there is no such interface. */
  if_nametoindex(name: string): number;
  prctl(option: number, first: number, second: number, third: number, fourth: number): number;
  /** Of this thread: struct __user_cap_header_struct, then two of struct __user_cap_data_struct. */
  capget(header: Octets, data: Octets): number;
  capset(header: Octets, data: Octets): number;
  /** For a call that the C library has no function for. */
  syscall(number: number, first: number, second: number, third: Octets): number;
}

const POINTER = 'void *';
/** The result and the arguments of each call, as koffi names C types. A socklen_t is an unsigned int. */
const SIGNATURES: Readonly<Record<keyof Calls, readonly [string, ...string[]]>> = {
  socket: ['int', 'int', 'int', 'int'],
  bind: ['int', 'int', POINTER, 'uint'],
  connect: ['int', 'int', POINTER, 'uint'],
  getsockname: ['int', 'int', POINTER, POINTER],
  setsockopt: ['int', 'int', 'int', 'int', POINTER, 'uint'],
  getsockopt: ['int', 'int', 'int', 'int', POINTER, POINTER],
  sendto: ['long', 'int', POINTER, 'size_t', 'int', POINTER, 'uint'],
  sendmsg: ['long', 'int', POINTER, 'int'],
  recv: ['long', 'int', POINTER, 'size_t', 'int'],
  recvmmsg: ['int', 'int', POINTER, 'uint', 'int', POINTER],
  poll: ['int', POINTER, 'ulong', 'int'],
  epoll_create1: ['int', 'int'],
  epoll_ctl: ['int', 'int', 'int', 'int', POINTER],
  epoll_wait: ['int', 'int', POINTER, 'int', 'int'],
  close: ['int', 'int'],
  _exit: ['int', 'int'],
  clock_gettime: ['int', 'int', POINTER],
  if_nametoindex: ['uint', 'str'],
  prctl: ['int', 'int', 'ulong', 'ulong', 'ulong', 'ulong'],
  capget: ['int', POINTER, POINTER],
  capset: ['int', POINTER, POINTER],
  syscall: ['long', 'long', 'ulong', 'ulong', POINTER],
};

/** Octets at an address that does not change. Keep the object as long as the kernel has the address. */
export interface KernelMemory {
  readonly octets: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  readonly address: bigint;
}

/** The functions of the C library that is loaded into this process. */
export class Libc {
  readonly layout: Layout;
  readonly koffi: Koffi;
  readonly #library: LibraryHandle;
  readonly #integer: KernelMemory;
  readonly #bound = new Map<keyof Calls, (...values: never[]) => number>();

  constructor(koffi: Koffi, layout: Layout) {
    this.koffi = koffi;
    this.layout = layout;
    this.#library = koffi.load(null);
    this.#integer = this.allocate(4);
  }

  /** A function of the C library, which is looked up once. On the hot path keep what this returns. */
  call<Name extends keyof Calls>(name: Name): Calls[Name] {
    const bound = this.#bound.get(name) ?? this.#bind(name);
    this.#bound.set(name, bound);
    return bound; // SIGNATURES declares to koffi what Calls declares to TypeScript
  }

  /** Allocates zeros, `length` octets of them. Array buffers are never moved, so the address stays. */
  allocate(length: number): KernelMemory {
    const octets = new Uint8Array(new ArrayBuffer(length));
    return { octets, view: new DataView(octets.buffer), address: this.koffi.address(octets) };
  }

  /** Sets an option whose value is an int. @throws TransportError when the system refuses */
  setOption(fd: number, level: number, option: number, value: number): void {
    const { octets, view } = this.#integer;
    view.setInt32(0, value, true);
    this.check(this.call('setsockopt')(fd, level, option, octets, octets.length));
  }

  /**
   * The index of the interface that a zone gives by name or number; 0 without a zone. RFC 4007 section 11.2
   * @throws TransportError ENODEV when there is no such interface
   */
  scopeOf(zone: string | undefined): number {
    if (zone === undefined) return 0;
    const index = /^\d+$/.test(zone) ? Number(zone) : this.call('if_nametoindex')(zone);
    if (index <= 0) throw new TransportError('ENODEV', 'No such device');
    return index;
  }

  /** The error for a negative result of a call. */
  errorOf(result: number): TransportError {
    return errorOfNumber(-result);
  }

  /** Returns `result`. @throws TransportError when it is negative */
  check(result: number): number {
    if (result < 0) throw this.errorOf(result);
    return result;
  }

  #bind(name: keyof Calls): (...values: never[]) => number {
    const [result, ...parameters] = SIGNATURES[name];
    const native = this.#library.func(name, result, parameters) as (...values: never[]) => number; // koffi types it as any
    const { koffi } = this;
    return (...values) => {
      const answer = native(...values);
      return answer < 0 ? -koffi.errno() : answer;
    };
  }
}

let loaded: Libc | undefined;

/** The C library if it has been loaded already; else undefined. */
export function loadedLibc(): Libc | undefined {
  return loaded;
}

/**
 * The C library of this process, loaded now unless it was before.
 * @throws UnavailableError where there is no koffi, or the platform's structures are not known
 */
export function loadLibc(): Libc {
  if (loaded) return loaded;
  const layout = platformLayout();
  if (!layout) {
    throw new UnavailableError(`the kernel's own calls are not known on ${process.platform} ${process.arch}`);
  }
  loaded = new Libc(loadKoffi(), layout);
  return loaded;
}
