/** The package koffi over a kernel in memory: nothing native is loaded. */
import type { Kernel } from './kernel.ts';

type Call = (...values: never[]) => number;

/** The part of koffi's interface that src/net/linux/ uses, with koffi's contracts. */
export interface RehearsedKoffi {
  readonly version: string;
  load(library: null): { func(name: string): Call };
  address(memory: Uint8Array): bigint;
  errno(): number;
  readonly node: {
    poll(fd: number, options: object, callback: (status: number) => void): { start(): void; close(): void };
  };
}

/**
 * Makes a koffi whose C library calls this kernel.
 * @throws Error from `func` when the kernel lacks the function
 */
export function koffiOver(kernel: Kernel): RehearsedKoffi {
  let errno = 0;
  const calls: Readonly<Record<string, Call | undefined>> = callsOf(kernel);
  return {
    version: '3.0.0',
    load: () => ({
      func: (name) => {
        const call = calls[name];
        if (!call) throw new Error(`the rehearsal has no function ${name}`);
        return (...values) => {
          const answer = call(...values);
          if (answer >= 0) return answer;
          errno = -answer;
          return -1;
        };
      },
    }),
    address: () => 0n, // what points into memory counts from its start
    errno: () => errno,
    node: {
      poll: (fd, _options, callback) => {
        kernel.watch(fd, () => {
          callback(0);
        });
        return { start: () => undefined, close: () => undefined };
      },
    },
  };
}

function callsOf(kernel: Kernel): Record<string, Call> {
  return {
    socket: kernel.socket.bind(kernel),
    bind: kernel.bind.bind(kernel),
    connect: kernel.connect.bind(kernel),
    getsockname: kernel.getsockname.bind(kernel),
    setsockopt: kernel.setsockopt.bind(kernel),
    sendto: kernel.sendto.bind(kernel),
    recv: kernel.recv.bind(kernel),
    recvmmsg: kernel.recvmmsg.bind(kernel),
    poll: kernel.poll.bind(kernel),
    close: kernel.close.bind(kernel),
    clock_gettime: kernel.clock_gettime.bind(kernel),
    prctl: kernel.prctl.bind(kernel),
    capget: kernel.capget.bind(kernel),
    capset: kernel.capset.bind(kernel),
    syscall: kernel.syscall.bind(kernel),
  };
}
