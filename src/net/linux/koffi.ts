/** The package koffi, which calls functions of C libraries. */
import { existsSync } from 'node:fs';
import type * as koffiPackage from 'koffi';
import { requirePackage } from '../optional-package.ts';

export type Koffi = typeof koffiPackage;

/** What the interfaces used here have in common: those of its third major version. */
const VERSION = /^3\./;
/** The names of machines in that of the dynamic linker of musl. */
const LINKER_ARCHITECTURE: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** @throws UnavailableError when it is not installed, or does not load here */
export function loadKoffi(): Koffi {
  return loadBinary() ?? (requirePackage('koffi') as Koffi); // what require answers has no type
}

/**
 * The binary that koffi itself would choose, straight from where npm puts it: koffi's own search for it takes longer
 * than all else that is done before the first probe. Undefined where it is elsewhere or may be for another C library.
 */
function loadBinary(): Koffi | undefined {
  const { platform, arch } = process;
  const architecture = LINKER_ARCHITECTURE[arch];
  if (platform !== 'linux' || architecture === undefined || existsSync(`/lib/ld-musl-${architecture}.so.1`)) {
    return undefined;
  }
  try {
    const module: { exports: Partial<Koffi> } = { exports: {} }; // which are koffi's, if it is what we think
    process.dlopen(module, findPackage(`@koromix/koffi-linux-${arch}/linux_${arch}/koffi.node`));
    return isKoffi(module.exports) ? module.exports : undefined;
  } catch {
    return undefined; // koffi finds it, or says what is wrong
  }
}

/** A file of a package, where `require` would look for it, which would read the package's description besides. */
function findPackage(file: string): string {
  for (let folder = import.meta.dirname; folder !== ''; folder = folder.slice(0, folder.lastIndexOf('/'))) {
    const path = `${folder}/node_modules/${file}`;
    if (existsSync(path)) return path;
  }
  return `/node_modules/${file}`;
}

function isKoffi(binary: Partial<Koffi>): binary is Koffi {
  const { version = '', load, address, errno, node } = binary;
  return (
    VERSION.test(version) && [load, address, errno, node?.poll].every((each) => typeof each === 'function')
  );
}
