/** Loads the package koffi, which calls functions of C libraries. */
import { existsSync } from 'node:fs';
import type * as koffiPackage from 'koffi';
import { isCutShort } from '../native-library.ts';
import { DamagedPackageError, requirePackage } from '../optional-package.ts';

/** The exports of koffi. */
export type Koffi = typeof koffiPackage;

/** The major version whose interface is used here. */
const VERSION = /^3\./;
/** Architectures as musl's dynamic linker spells them in its name. */
const LINKER_ARCHITECTURE: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** Loads koffi. @throws UnavailableError when it is not installed, or does not load here */
export function loadKoffi(): Koffi {
  return loadBinary() ?? (requirePackage('koffi') as Koffi); // what require answers has no type
}

/**
 * Loads the binary that koffi itself would choose, straight from where npm puts it: koffi's own search takes longer
 * than all else before the first probe. Undefined where it is elsewhere, or may be for another C library.
 * @throws DamagedPackageError when the file is cut short
 */
function loadBinary(): Koffi | undefined {
  const { platform, arch } = process;
  const architecture = LINKER_ARCHITECTURE[arch];
  if (platform !== 'linux' || architecture === undefined || existsSync(`/lib/ld-musl-${architecture}.so.1`)) {
    return undefined;
  }
  const file = findPackage(`@koromix/koffi-linux-${arch}/linux_${arch}/koffi.node`);
  if (isCutShort(file)) throw new DamagedPackageError('koffi', file);
  try {
    const module: { exports: Partial<Koffi> } = { exports: {} }; // koffi's, if the file is what its name says
    process.dlopen(module, file);
    return isKoffi(module.exports) ? module.exports : undefined;
  } catch {
    return undefined; // koffi finds it, or says what is wrong
  }
}

/** Looks for a file of a package where `require` would, without reading the package's description as it would. */
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
