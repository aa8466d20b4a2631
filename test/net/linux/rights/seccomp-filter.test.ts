import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  PLACE,
  REFUSED_CALLS,
  WATCHED_CALLS,
  type FilteredArchitecture,
} from '../../../../src/net/linux/rights/refused-calls.ts';
import { seccompFilter } from '../../../../src/net/linux/rights/seccomp-filter.ts';
import { runFilter } from './run-filter.ts';

/** linux/seccomp.h, asm-generic/errno-base.h, asm-generic/errno.h */
const ANSWER = { allow: 0x7fff0000, refuse: 0x50001, missing: 0x50026, kill: 0x80000000 } as const;
/** linux/audit.h */
const AUDIT = { x64: 0xc000003e, arm64: 0xc00000b7, x86: 0x40000003, arm: 0x40000028 } as const;
/** Calls of a trace with names: numbers of x86-64 and of arm64. asm/unistd_64.h, asm-generic/unistd.h */
const NEEDED = {
  read: [0, 63],
  write: [1, 64],
  openat: [257, 56],
  close: [3, 57],
  mmap: [9, 222],
  munmap: [11, 215],
  mprotect: [10, 226],
  madvise: [28, 233],
  brk: [12, 214],
  futex: [202, 98],
  epoll_ctl: [233, 21],
  epoll_pwait: [281, 22],
  ppoll: [271, 73],
  sendto: [44, 206],
  sendmsg: [46, 211],
  recvmmsg: [299, 243],
  recvfrom: [45, 207],
  setsockopt: [54, 208],
  getsockopt: [55, 209],
  getsockname: [51, 204],
  bind: [49, 200],
  connect: [42, 203],
  ioctl: [16, 29],
  tgkill: [234, 131],
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  rt_sigreturn: [15, 139],
  getrandom: [318, 278],
  statx: [332, 291],
  prctl: [157, 167],
  set_robust_list: [273, 99],
  rseq: [334, 293],
  clock_gettime: [228, 113],
  exit_group: [231, 94],
} as const;
/** Each family of sockets that a trace, or its names, may open, and some that none does. sys/socket.h */
const [STREAM, DGRAM, RAW, SEQPACKET, PACKET] = [1, 2, 3, 5, 10];
const FLAGS = 0o2004000; // SOCK_NONBLOCK | SOCK_CLOEXEC
const [UNIX, INET, INET6, NETLINK, PACKETS, VSOCK, ALG] = [1, 2, 10, 16, 17, 40, 38];
const [ROUTE, NETFILTER] = [0, 12];

for (const architecture of Object.keys(PLACE) as FilteredArchitecture[]) {
  describe(`the filter of system calls on ${architecture}`, () => {
    const place = PLACE[architecture];
    const program = seccompFilter(architecture);
    const answer = (number: number, ...values: number[]): number =>
      runFilter(program, { architecture: AUDIT[architecture], number, arguments: values });
    const socket = (...values: number[]): number => answer(WATCHED_CALLS.socket[place], ...values);

    it('lets a trace make its calls', () => {
      for (const [name, numbers] of Object.entries(NEEDED)) {
        assert.equal(answer(numbers[place]), ANSWER.allow, name);
      }
    });

    it('refuses the calls of its list, and no others', () => {
      const refused: number[] = Object.values(REFUSED_CALLS).map((numbers) => numbers[place]);
      const watched: number[] = Object.values(WATCHED_CALLS).map((numbers) => numbers[place]);
      for (let number = 0; number < 1000; number++) {
        if (watched.includes(number)) continue;
        const expected = refused.includes(number) ? ANSWER.refuse : ANSWER.allow;
        assert.equal(answer(number), expected, `call ${number}`);
      }
    });

    it('lets plain sockets be opened, and netlink for routes', () => {
      for (const family of [UNIX, INET, INET6]) {
        for (const type of [STREAM, DGRAM, STREAM | FLAGS, DGRAM | FLAGS]) {
          assert.equal(socket(family, type, 17), ANSWER.allow, `family ${family}, type ${type}`);
        }
      }
      assert.equal(socket(NETLINK, RAW | FLAGS, ROUTE), ANSWER.allow);
      assert.equal(socket(NETLINK, DGRAM, ROUTE), ANSWER.allow);
    });

    it('refuses raw sockets, and all other kinds', () => {
      for (const family of [UNIX, INET, INET6]) {
        for (const type of [RAW, RAW | FLAGS, SEQPACKET, PACKET, 0, 4, 6]) {
          assert.equal(socket(family, type, 1), ANSWER.refuse, `family ${family}, type ${type}`);
        }
      }
      for (const family of [0, 3, PACKETS, VSOCK, ALG, 45]) {
        for (const type of [STREAM, DGRAM, RAW])
          assert.equal(socket(family, type), ANSWER.refuse, `${family}`);
      }
      assert.equal(socket(NETLINK, RAW, NETFILTER), ANSWER.refuse);
    });

    it('looks at the 32 bits of an argument that the kernel looks at', () => {
      assert.equal(socket(0xffff_0000_0000 + INET, RAW), ANSWER.refuse);
      assert.equal(socket(0xffff_0000_0000 + INET, DGRAM), ANSWER.allow);
    });

    it('lets threads be started, and no processes', () => {
      const thread = 0x3d0f00; // of the C library: CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD and so on
      const [SIGCHLD, VFORK] = [17, 0x4111];
      assert.equal(answer(WATCHED_CALLS.clone[place], thread), ANSWER.allow);
      assert.equal(answer(WATCHED_CALLS.clone[place], SIGCHLD), ANSWER.refuse);
      assert.equal(answer(WATCHED_CALLS.clone[place], VFORK), ANSWER.refuse);
      assert.equal(answer(WATCHED_CALLS.clone3[place]), ANSWER.missing);
    });

    it('ends a process that makes calls of another architecture', () => {
      for (const other of Object.values(AUDIT)) {
        if (other === AUDIT[architecture]) continue;
        assert.equal(runFilter(program, { architecture: other, number: 0 }), ANSWER.kill);
      }
      assert.equal(answer(0x40000000 + 59), ANSWER.missing); // execve of x32
    });
  });
}

describe('the numbers of system calls', () => {
  for (const [architecture, header] of [
    ['x64', '/usr/include/x86_64-linux-gnu/asm/unistd_64.h'],
    ['arm64', '/usr/include/asm-generic/unistd.h'],
  ] as const) {
    const skip = existsSync(header) ? false : `${header} is not installed`;
    it(`are those of ${header}`, { skip }, () => {
      const text = readFileSync(header, 'utf8');
      const calls = { ...REFUSED_CALLS, ...WATCHED_CALLS, ...NEEDED };
      for (const [name, numbers] of Object.entries(calls)) {
        const [, number] = new RegExp(`^#define __NR(?:3264)?_${name}\\s+(\\d+)$`, 'm').exec(text) ?? [];
        assert.equal(numbers[PLACE[architecture]], number === undefined ? 0xffffffff : Number(number), name);
      }
    });
  }
});
