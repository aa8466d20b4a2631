/** Takes from this process what no trace needs once its sockets are open, for good. */
import { programMemory } from '../bpf.ts';
import type { Libc } from '../libc.ts';
import { PLACE, WATCHED_CALLS, type FilteredArchitecture } from './refused-calls.ts';
import { seccompFilter } from './seccomp-filter.ts';

/** Options of prctl(2). linux/prctl.h */
const PR = { SET_DUMPABLE: 4, SET_KEEPCAPS: 8, GET_SECUREBITS: 27, SET_NO_NEW_PRIVS: 38 } as const;
/** A thread that ceases to be root keeps its capabilities. linux/securebits.h */
const SECBIT_NO_SETUID_FIXUP = 1 << 2;
/** seccomp(2): the filter is for all threads, and so is no_new_privs. linux/seccomp.h */
const SECCOMP_SET_MODE_FILTER = 1;
const SECCOMP_FILTER_FLAG_TSYNC = 1;

/** Has this thread keep its permitted capabilities when the process ceases to be root. */
export function keepRightsOfRoot(libc: Libc): void {
  libc.check(libc.call('prctl')(PR.SET_KEEPCAPS, 1, 0, 0, 0));
}

/** True where threads that cease to be root keep what it could do. capabilities(7), "The securebits flags" */
export function outliveRoot(libc: Libc): boolean {
  return (libc.check(libc.call('prctl')(PR.GET_SECUREBITS, 0, 0, 0, 0)) & SECBIT_NO_SETUID_FIXUP) !== 0;
}

/**
 * No execve will bring rights, no debugger of the same user can be attached, no core is written, and the calls of
 * seccomp-filter.ts are refused, in every thread.
 * @returns why there is no filter of calls; undefined when there is one
 */
export function lockDown(libc: Libc, architecture: string = process.arch): string | undefined {
  const prctl = libc.call('prctl');
  libc.check(prctl(PR.SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  libc.check(prctl(PR.SET_DUMPABLE, 0, 0, 0, 0));
  if (!isFiltered(architecture)) return `no filter of system calls is known on ${architecture}`;
  const { octets } = programMemory(libc, seccompFilter(architecture));
  const answer = libc.call('syscall')(
    WATCHED_CALLS.seccomp[PLACE[architecture]],
    SECCOMP_SET_MODE_FILTER,
    SECCOMP_FILTER_FLAG_TSYNC,
    octets,
  );
  if (answer === 0) return undefined;
  // a positive answer is a thread that has a filter of its own
  const why = answer > 0 ? `thread ${answer} has another` : libc.errorOf(answer).message;
  return `this system takes no filter of system calls: ${why}`;
}

function isFiltered(architecture: string): architecture is FilteredArchitecture {
  return architecture === 'x64' || architecture === 'arm64';
}
