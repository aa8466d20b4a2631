/**
 * The file of V8's cache. Its octets are code that runs as who starts the command, and V8 looks at no more than their
 * length and the length of the source. So the file has the compiled commands twice, and then their source: what is
 * damaged, or made of another source, differs. docs/adr/0013-compiled-ahead.md
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';

/** The source that is compiled, and the user who owns it. */
export interface Source {
  readonly octets: Buffer;
  readonly uid: number;
}

/** A link would lead to another owner's file, and a pipe would not be read to its end. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Bits of a file that others than its owner may write. */
const WRITABLE_BY_OTHERS = 0o022;
const MODE = 0o644;
/** Octets that are compared at a time: memory that is used again need not be fetched. */
const WINDOW = 1 << 17;

/**
 * Reads the source into `room`, from its start.
 * @throws Error when it cannot be read, or is larger
 */
export function readSource(path: string, room: Buffer): Source {
  const fd = openSync(path, 'r');
  try {
    const { uid } = fstatSync(fd);
    return { uid, octets: readAll(fd, room) };
  } finally {
    closeSync(fd);
  }
}

function readAll(fd: number, room: Buffer): Buffer {
  let length = 0;
  for (let count = -1; count !== 0; length += count)
    count = readSync(fd, room, length, room.length - length, null);
  if (length === room.length) throw new Error(`the commands are larger than ${room.length} octets`);
  return room.subarray(0, length);
}

/**
 * What V8 has compiled of this source; undefined where the file is missing, damaged, or not the owner's own.
 * @param room - is given back with the compiled form in it; it may be the source's, whose octets are lost then
 */
export function readCache(path: string, source: Source, room: Buffer): Buffer | undefined {
  let fd = -1;
  try {
    fd = openSync(path, FLAGS);
    return compiledIn(fd, source, room);
  } catch {
    return undefined; // nobody made one, or only another Node has one
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

function compiledIn(fd: number, { octets, uid }: Source, room: Buffer): Buffer | undefined {
  const stats = fstatSync(fd);
  const isOwn = stats.isFile() && stats.uid === uid && (stats.mode & WRITABLE_BY_OTHERS) === 0;
  const length = (stats.size - octets.length) / 2;
  if (!isOwn || !Number.isInteger(length) || length <= 0 || length > room.length) return undefined;
  const window = Buffer.allocUnsafeSlow(WINDOW);
  if (!isAt(fd, 2 * length, octets, window)) return undefined;
  const compiled = room.subarray(0, length);
  if (readSync(fd, compiled, 0, length, 0) !== length) return undefined;
  return isAt(fd, length, compiled, window) ? compiled : undefined;
}

/** True where the file has these octets from `position` on. @param read - room for WINDOW octets */
function isAt(fd: number, position: number, octets: Buffer, read: Buffer): boolean {
  for (let at = 0; at < octets.length; at += WINDOW) {
    const length = Math.min(WINDOW, octets.length - at);
    if (readSync(fd, read, 0, length, position + at) !== length) return false;
    if (!read.subarray(0, length).equals(octets.subarray(at, at + length))) return false;
  }
  return true;
}

/**
 * Writes the file, at once for a command that starts meanwhile. Only root and the owner of the source can write one that
 * is read, so others write none.
 * @param compiled - by V8, of this source
 * @param user - who writes; the user of this process when absent
 * @throws Error when the system refuses
 */
export function writeCache(
  path: string,
  { octets, uid }: Source,
  compiled: Buffer,
  user = process.geteuid?.() ?? uid,
): void {
  if (user !== uid && user !== 0) return;
  const unfinished = `${path}.${process.pid}`;
  rmSync(unfinished, { force: true });
  const fd = openSync(unfinished, 'wx'); // follows no link that somebody has put there
  try {
    for (const part of [compiled, compiled, octets]) writeAll(fd, part);
    fchmodSync(fd, MODE);
    if (user !== uid) fchownSync(fd, uid, -1);
    renameSync(unfinished, path);
  } finally {
    closeSync(fd);
    rmSync(unfinished, { force: true });
  }
}

function writeAll(fd: number, octets: Buffer): void {
  for (let at = 0; at < octets.length;) at += writeSync(fd, octets, at);
}
