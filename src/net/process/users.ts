/** Which user a command becomes that root started. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../../model/errors.ts';
import { sanitiseName } from '../../model/name.ts';

/** A user by numbers, as the kernel knows him. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/** The largest id; the one above means "leave it as it is". setresuid(2) */
const MOST = 0xffff_fffe;
/** Users made for this purpose, the best one first. */
const UNPRIVILEGED = ['polytrace', 'nobody'] as const;
/** The kernel's own name for nobody. Documentation/admin-guide/sysctl/fs.rst, overflowuid */
const OVERFLOW = 65_534;
/** The ids inside, the ids outside, and how many; one line for each run of ids. */
const USERS = '/proc/self/uid_map';
const ALL_USERS = `${'0'.padStart(10)} ${'0'.padStart(10)} 4294967295\n`;

/**
 * The user who called, through the set-user-id bit or sudo(8); undefined when root itself called.
 * @throws UsageError when sudo's variables are not such as sudo sets
 */
export function invokingUser(env: NodeJS.ProcessEnv = process.env): UserIds | undefined {
  const [uid = 0, gid = 0] = [process.getuid?.(), process.getgid?.()];
  if (uid !== 0) return { uid, gid };
  const { SUDO_UID, SUDO_GID } = env;
  if (SUDO_UID === undefined && SUDO_GID === undefined) return undefined;
  const user = { uid: idIn('SUDO_UID', SUDO_UID), gid: idIn('SUDO_GID', SUDO_GID) };
  return user.uid === 0 ? undefined : user;
}

/** @throws UsageError when the variable holds no id */
function idIn(name: string, value = ''): number {
  const id = Number(value);
  if (String(id) === value && Number.isInteger(id) && id >= 0 && id <= MOST) return id;
  const what = value === '' ? `${name} is missing` : `${name} is no id: ${sanitiseName(value)}`;
  throw new UsageError(`cannot tell for whom root runs this: ${what} (SUDO_UID and SUDO_GID go together)`);
}

/**
 * The user that root becomes: `polytrace` where the system has one, else `nobody`.
 * @param file - a passwd(5) file
 */
export function unprivilegedUser(file = '/etc/passwd'): UserIds {
  const text = `\n${textOf(file)}\n`;
  for (const name of UNPRIVILEGED) {
    const at = text.indexOf(`\n${name}:`);
    if (at < 0) continue;
    const [, , uid = '', gid = ''] = text.slice(at + 1, text.indexOf('\n', at + 1)).split(':');
    if (!isOther(uid) || !isOther(gid)) continue;
    return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
  }
  return { uid: OVERFLOW, gid: OVERFLOW };
}

/** True for an id besides root's. macOS writes nobody's as -2; what is no number becomes 0. */
function isOther(id: string): boolean {
  return Number(id) >>> 0 !== 0;
}

/** True where this process sees all users of the machine: no user namespace hides some. user_namespaces(7) */
export function hasAllUsers(): boolean {
  return textOf(USERS) === ALL_USERS;
}

/**
 * True in a user namespace that has no user but this root, who is an ordinary user outside: there is nobody to become, and
 * nothing to be gained.
 */
export function isRootOfItsOwnAlone(): boolean {
  return /^\s*0\s+[1-9]\d*\s+1\s*$/.test(textOf(USERS));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // a container of one program has none, and maybe no /proc
  }
}
