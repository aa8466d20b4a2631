/**
 * Native libraries that are cut short. The dynamic linker maps what their headers announce, and who reads beyond the end of
 * the file dies of a bus error. elf(5)
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** "\x7fELF", then 64 bits and little-endian, as on every system that there are binaries for. */
const MAGIC = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1);
/** Elf64_Ehdr, with the sizes and number of program headers. */
const HEADER = { size: 64, programHeaders: 32, entrySize: 54, count: 56 } as const;
/** Elf64_Phdr. */
const PROGRAM = { offset: 8, length: 32, end: 40 } as const;
/** Octets that hold the headers of a library: they come first, 56 octets for each of some ten parts. */
const HEADERS_LENGTH = 4096;

/**
 * True for an ELF library that lacks some of what its headers announce, and for what is no file, or too short for any
 * library; false for any other file, and where there is none.
 */
export function isCutShort(path: string): boolean {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe would be waited for
    try {
      const { size } = fstatSync(fd);
      if (size < MAGIC.length) return true;
      const headers = new Uint8Array(HEADERS_LENGTH);
      const length = readSync(fd, headers);
      return isLonger(headers.subarray(0, length), size);
    } finally {
      closeSync(fd);
    }
  } catch {
    return false; // who loads it will say what is wrong
  }
}

/**
 * True where the headers announce more octets than `size`.
 * @param headers - the first octets of the file
 */
export function isLonger(headers: Uint8Array, size: number): boolean {
  if (!MAGIC.every((octet, index) => headers[index] === octet)) return false;
  if (headers.length < HEADER.size) return true;
  const view = new DataView(headers.buffer, headers.byteOffset, headers.length);
  const entrySize = view.getUint16(HEADER.entrySize, true);
  const first = Number(view.getBigUint64(HEADER.programHeaders, true));
  const last = first + view.getUint16(HEADER.count, true) * entrySize;
  for (let at = first; at < last; at += entrySize) {
    if (at + PROGRAM.end > headers.length) return last > size;
    const end = view.getBigUint64(at + PROGRAM.offset, true) + view.getBigUint64(at + PROGRAM.length, true);
    if (end > size) return true;
  }
  return false;
}
