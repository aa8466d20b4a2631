/** System calls that no trace makes once its sockets are open, and that would give a hostile program more than it has. */

/** Architectures whose numbers are known here, as `process.arch` names them, and the place of their number. */
export const PLACE = { x64: 0, arm64: 1 } as const;
export type FilteredArchitecture = keyof typeof PLACE;

/** In the place of a number: the architecture has no such call, and no call has this number. */
const NONE = 0xffff_ffff;

/** The number of each call on each architecture. asm/unistd_64.h, asm-generic/unistd.h */
export const REFUSED_CALLS = {
  // other programs: to become one, to start one without clone, to read, steer or rob one
  execve: [59, 221],
  execveat: [322, 281],
  fork: [57, NONE],
  vfork: [58, NONE],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  pidfd_getfd: [438, 438],
  kcmp: [312, 272],
  // another view of the machine
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  unshare: [272, 97],
  setns: [308, 268],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  open_by_handle_at: [304, 265],
  quotactl: [179, 60],
  // wide ways into the kernel
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  syslog: [103, 116],
  // the machine itself
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  iopl: [172, NONE],
  ioperm: [173, NONE],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  settimeofday: [164, 170],
  adjtimex: [159, 171],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  sethostname: [170, 161],
  setdomainname: [171, 162],
} as const satisfies Readonly<Record<string, readonly [x64: number, arm64: number]>>;

/** Calls that are looked at, or that stand for others. */
export const WATCHED_CALLS = {
  socket: [41, 198],
  clone: [56, 220],
  clone3: [435, 435],
  seccomp: [317, 277],
} as const satisfies Readonly<Record<string, readonly [x64: number, arm64: number]>>;
