/** What package-lock.json tells of the packages. https://docs.npmjs.com/cli/configuring-npm/package-lock-json */
import { readFileSync } from 'node:fs';
import { ROOT } from './options.ts';

/** A package at its place in the tree. */
export interface LockedPackage {
  readonly version: string;
  /** An SPDX expression; npm leaves it out where the package names none. */
  readonly license?: string;
  /** Hashes of the archive, each as `sha512-BASE64`. */
  readonly integrity?: string;
  /** True where only development takes it. */
  readonly dev?: boolean;
  /** True where an installation goes on without it. */
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
}

/** All packages by their folders, such as `node_modules/yargs`. */
export type Lockfile = Readonly<Record<string, LockedPackage>>;

/** Reads the lockfile of the project. Without the project itself, whose folder is ''. */
export function readLockfile(): Lockfile {
  const text = readFileSync(`${ROOT}package-lock.json`, 'utf8');
  const { packages } = JSON.parse(text) as { packages: Lockfile }; // lockfileVersion 3
  return Object.fromEntries(Object.entries(packages).filter(([folder]) => folder !== ''));
}

/** The name of the package in a folder: `@scope/name` or `name`. */
export function packageName(folder: string): string {
  return folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** Folders of the packages that are installed with this one, for whatever platform, sorted. */
export function installedFolders(lockfile: Lockfile): string[] {
  return Object.keys(lockfile)
    .filter((folder) => lockfile[folder]?.dev !== true)
    .sort();
}

/** The folders without those of a package whose very version another folder has too. */
export function distinctPackages(lockfile: Lockfile, folders: readonly string[]): string[] {
  const byPackage = new Map<string, string>();
  for (const folder of folders) {
    byPackage.set(`${packageName(folder)}@${lockedPackage(lockfile, folder).version}`, folder);
  }
  return [...byPackage.values()];
}

/** @throws Error when the lockfile has no such folder */
export function lockedPackage(lockfile: Lockfile, folder: string): LockedPackage {
  const locked = lockfile[folder];
  if (!locked) throw new Error(`package-lock.json has no ${folder} (npm install)`);
  return locked;
}
