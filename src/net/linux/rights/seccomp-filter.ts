/**
 * The filter of system calls that the commands take on for good once their sockets are open. It refuses what only a hostile
 * program would ask for, and lets all else pass: a list of what is allowed would break with each new Node. seccomp(2)
 */
import { AF, SOCK } from '../constants.ts';
import { PLACE, REFUSED_CALLS, WATCHED_CALLS, type FilteredArchitecture } from './refused-calls.ts';

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64. linux/audit.h */
const AUDIT_ARCHITECTURE: Readonly<Record<FilteredArchitecture, number>> = {
  x64: 0xc000003e,
  arm64: 0xc00000b7,
};
/** Numbers from here on are calls of x86-64's 32-bit interface. asm/unistd.h */
const X32 = 0x40000000;

/** Offsets in struct seccomp_data. An argument has 64 bits; of those below, the kernel looks at the low 32. */
const DATA = { call: 0, architecture: 4, argument: [16, 24, 32] } as const;
const CODE = { load: 0x20, and: 0x54, ifEqual: 0x15, ifAtLeast: 0x35, ifSet: 0x45, answer: 0x06 } as const;

const EPERM = 1;
const ENOSYS = 38;
const ANSWER = {
  allow: 0x7fff0000,
  refuse: 0x50000 + EPERM,
  /** The C library takes an older call instead. */
  missing: 0x50000 + ENOSYS,
  /** Ends the process: on another architecture the numbers mean other calls. */
  kill: 0x80000000,
} as const;

/** A socket's type, without the flags that are added to it. linux/net.h */
const TYPE_MASK = 0xf;
const AF_UNIX = 1;
const NETLINK_ROUTE = 0;
/** linux/sched.h */
const CLONE_THREAD = 0x10000;

const REFUSED = Object.values(REFUSED_CALLS);
/** Places of the parts of the program, in instructions. Jumps lead forward alone. */
const CALLS = 7 + REFUSED.length;
const LABEL = {
  socket: CALLS + 1,
  type: CALLS + 6,
  netlink: CALLS + 10,
  clone: CALLS + 12,
  allow: CALLS + 14,
  refuse: CALLS + 15,
  missing: CALLS + 16,
  kill: CALLS + 17,
} as const;
type Label = keyof typeof LABEL;

/** The program for an architecture, as an array of struct sock_filter. */
export function seccompFilter(architecture: FilteredArchitecture): Uint8Array {
  const place = PLACE[architecture];
  const program = new Program();
  program.load(DATA.architecture);
  program.jump(CODE.ifEqual, AUDIT_ARCHITECTURE[architecture], undefined, 'kill');
  program.load(DATA.call);
  program.jump(CODE.ifAtLeast, X32, 'missing');
  program.jump(CODE.ifEqual, WATCHED_CALLS.socket[place], 'socket');
  program.jump(CODE.ifEqual, WATCHED_CALLS.clone[place], 'clone');
  program.jump(CODE.ifEqual, WATCHED_CALLS.clone3[place], 'missing');
  for (const numbers of REFUSED) program.jump(CODE.ifEqual, numbers[place], 'refuse');
  program.answer('allow');
  addSocket(program);
  addClone(program);
  program.answer('allow');
  program.answer('refuse');
  program.answer('missing');
  program.answer('kill');
  return program.octets();
}

/** Names and DNS take streams and datagrams of these families; interfaces and routes are asked for over netlink. */
function addSocket(program: Program): void {
  program.load(DATA.argument[0]);
  program.jump(CODE.ifEqual, AF.NETLINK, 'netlink');
  program.jump(CODE.ifEqual, AF_UNIX, 'type');
  program.jump(CODE.ifEqual, AF.INET, 'type');
  program.jump(CODE.ifEqual, AF.INET6, 'type', 'refuse');
  program.load(DATA.argument[1]); // the type
  program.add(CODE.and, TYPE_MASK);
  program.jump(CODE.ifEqual, SOCK.STREAM, 'allow');
  program.jump(CODE.ifEqual, SOCK.DGRAM, 'allow', 'refuse');
  program.load(DATA.argument[2]); // the protocol of netlink
  program.jump(CODE.ifEqual, NETLINK_ROUTE, 'allow', 'refuse');
}

/** Threads may be started, processes not. What clone3 asks for lies in memory, where a filter cannot look. */
function addClone(program: Program): void {
  program.load(DATA.argument[0]);
  program.jump(CODE.ifSet, CLONE_THREAD, 'allow', 'refuse');
}

/** Writes instructions one after the other. */
class Program {
  readonly #words: number[] = [];

  add(code: number, operand: number): void {
    this.#words.push(code, operand);
  }

  load(offset: number): void {
    this.add(CODE.load, offset);
  }

  answer(name: keyof typeof ANSWER): void {
    this.add(CODE.answer, ANSWER[name]);
  }

  /** Jumps to a label where the comparison holds, and where it does not; goes on to the next where there is none. */
  jump(code: number, operand: number, then?: Label, orElse?: Label): void {
    const next = this.#words.length / 2 + 1;
    const ifTrue = then === undefined ? 0 : LABEL[then] - next;
    const ifFalse = orElse === undefined ? 0 : LABEL[orElse] - next;
    this.add(code | (ifTrue << 16) | (ifFalse << 24), operand);
  }

  octets(): Uint8Array {
    return new Uint8Array(Uint32Array.from(this.#words).buffer);
  }
}
