/** Takes from this process what no trace needs once its sockets are open, for good. */
import type { Libc } from '../libc.ts';

/** Options of prctl(2). linux/prctl.h */
const PR = { SET_DUMPABLE: 4, SET_KEEPCAPS: 8, SET_NO_NEW_PRIVS: 38 } as const;

/** Has this thread keep its permitted capabilities when the process ceases to be root. */
export function keepRightsOfRoot(libc: Libc): void {
  libc.check(libc.call('prctl')(PR.SET_KEEPCAPS, 1, 0, 0, 0));
}

/** No execve will bring rights, no debugger of the same user can be attached, and no core is written. */
export function lockDown(libc: Libc): void {
  const prctl = libc.call('prctl');
  libc.check(prctl(PR.SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  libc.check(prctl(PR.SET_DUMPABLE, 0, 0, 0, 0));
}
