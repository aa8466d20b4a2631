/** The package koffi, which calls functions of C libraries. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as koffiPackage from 'koffi';
import { requirePackage } from '../optional-package.ts';

export type Koffi = typeof koffiPackage;

/** What the interfaces used here have in common: those of its third major version. */
const VERSION = /^3\./;
/** The names of machines in that of the dynamic linker of musl. */
const MACHINE: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

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
  const machine = MACHINE[arch];
  if (platform !== 'linux' || machine === undefined || existsSync(`/lib/ld-musl-${machine}.so.1`)) {
    return undefined;
  }
  try {
    const path = `@koromix/koffi-linux-${arch}/linux_${arch}/koffi.node`;
    const binary = createRequire(import.meta.url)(path) as Partial<Koffi>; // its exports are koffi's, if it is what we think
    return isKoffi(binary) ? binary : undefined;
  } catch {
    return undefined; // koffi finds it, or says what is wrong
  }
}

function isKoffi(binary: Partial<Koffi>): binary is Koffi {
  const { version = '', load, address, errno, node } = binary;
  return (
    VERSION.test(version) && [load, address, errno, node?.poll].every((each) => typeof each === 'function')
  );
}
