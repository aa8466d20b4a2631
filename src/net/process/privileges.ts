/**
 * Gives up all rights that only the opening of sockets needed, before anything is read from the network. What reaches all
 * threads of the process are the set*id calls of the C library, and a filter of system calls. docs/security.md
 */
import { closeSync, openSync, statSync } from 'node:fs';
import { TransportError, UsageError } from '../../model/errors.ts';
import type { DropOptions, LaterRight } from '../../ports/machine.ts';
import type { Libc } from '../linux/libc.ts';
import { CAPABILITY, capabilitiesOf, keepCapabilities } from '../linux/rights/capabilities.ts';
import { keepRightsOfRoot, lockDown, outliveRoot } from '../linux/rights/lock-down.ts';
import { errorOfCode } from '../system-error.ts';
import { isDebugged } from './debugger.ts';
import { hasAllUsers, isRootOfItsOwnAlone, unprivilegedUser, type UserIds } from './users.ts';

const CAPABILITY_OF: Readonly<Record<LaterRight, number>> = {
  mark: CAPABILITY.NET_ADMIN,
  'low-port': CAPABILITY.NET_BIND_SERVICE,
};

const HOW_TO = 'in a container add the capabilities SETUID and SETGID, or start as another user';

/** Bits of a file's and of a folder's mode. inode(7) */
const READ_BY_ALL = 0o004;
const SEARCH_BY_ALL = 0o001;

/** Who gives up rights, and what it takes. */
export interface Holder {
  /** Undefined where the C library cannot be had. */
  readonly libc: Libc | undefined;
  readonly isRoot: boolean;
  /** Who called; undefined where root itself did. */
  readonly user: UserIds | undefined;
  /** Loads the rest of the program; called where the user could not read it. */
  readonly loadParts: () => void;
}

/**
 * Root becomes the user who called, or one without rights where root itself called. Whoever it is then has no
 * capabilities besides `kept`, and can get none.
 * @throws TransportError when the system refuses
 */
export function dropPrivileges(holder: Holder, { kept, explain }: Omit<DropOptions, 'mayWait'>): void {
  const { libc, isRoot } = holder;
  if (isRoot) ceaseToBeRoot(holder, kept.length > 0);
  const lack = libc ? shut(libc, kept) : 'system calls are not filtered: that takes koffi, on Linux';
  if (lack !== undefined) explain?.(lack);
}

/** True for root whom the system will not refuse to become another user. */
export function canBecomeAnyone(libc: Libc): boolean {
  const { effective } = capabilitiesOf(libc);
  const { SETGID, SETUID } = CAPABILITY;
  const mayChange = [SETGID, SETUID].every((right) => (effective >> BigInt(right)) & 1n);
  return mayChange && hasAllUsers() && !outliveRoot(libc);
}

function ceaseToBeRoot({ libc, user, loadParts }: Holder, keepsSome: boolean): void {
  if (libc && outliveRoot(libc)) {
    const why = 'the securebits of this process keep capabilities (start it without no_setuid_fixup)';
    throw new TransportError('EPERM', `cannot give up root: ${why}`);
  }
  if (keepsSome && libc) keepRightsOfRoot(libc);
  try {
    become(user ?? unprivilegedUser(), loadParts);
  } catch (error) {
    if (libc && isRootOfItsOwnAlone()) return;
    const { message } = errorOfCode(error as NodeJS.ErrnoException); // the set*id calls throw nothing else
    throw new TransportError('EPERM', `cannot give up root: ${message} (${HOW_TO})`, { cause: error });
  }
}

function become({ uid, gid }: UserIds, loadParts: () => void): void {
  // groups first: after setuid they could no longer be changed
  process.setgroups?.([gid]);
  process.setgid?.(gid);
  if (!canReadProgram(uid)) loadParts();
  process.setuid?.(uid);
}

/** True when a user may read what root has installed. */
function canReadProgram(uid: number): boolean {
  return isOpenToAll(import.meta.filename) || canRead(uid, import.meta.filename);
}

/** True where all may read the file. Spares two calls that wait for all threads of the process. */
function isOpenToAll(file: string): boolean {
  if ((statSync(file).mode & READ_BY_ALL) === 0) return false;
  for (let end = file.lastIndexOf('/'); end >= 0; end = file.lastIndexOf('/', end - 1)) {
    if ((statSync(file.slice(0, end) || '/').mode & SEARCH_BY_ALL) === 0) return false;
    if (end === 0) break;
  }
  return true;
}

function canRead(uid: number, file: string): boolean {
  process.seteuid?.(uid);
  try {
    closeSync(openSync(file, 'r'));
    return true;
  } catch {
    return false;
  } finally {
    process.seteuid?.(0);
  }
}

/**
 * For who is not root, and may have sent SIGUSR1 while the command started.
 * @throws UsageError where a debugger is open, and there is a right to be had by it
 */
export function refuseDebugger(libc: Libc): void {
  if (capabilitiesOf(libc).permitted === 0n || !isDebugged()) return;
  throw new UsageError('a debugger is open in a run with rights that its user has not (start it without)');
}

/** @returns why system calls are not filtered; undefined when they are */
function shut(libc: Libc, kept: readonly LaterRight[]): string | undefined {
  const wanted = kept.reduce((sum, right) => sum | (1 << CAPABILITY_OF[right]), 0);
  keepCapabilities(libc, wanted === 0 ? 0 : Number(capabilitiesOf(libc).permitted & BigInt(wanted)));
  return lockDown(libc);
}
