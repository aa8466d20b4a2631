/** The licences of what is bundled: they ask to go wherever the code goes. */
import { readdirSync, readFileSync } from 'node:fs';
import { lockedPackage, packageName, type Lockfile } from './lockfile.ts';

const RULE = '-'.repeat(78);

/**
 * The text that goes with the built files: each package with its version, and the whole of its licence.
 * @param folders - of the packages, below `root`
 * @throws Error when a package has no file with its licence
 */
export function licensesText(lockfile: Lockfile, folders: readonly string[], root: string): string {
  const sections = folders.map((folder) => {
    const { version, license = 'no licence named' } = lockedPackage(lockfile, folder);
    const head = `${packageName(folder)} ${version} (${license})`;
    return `${RULE}\n${head}\n${RULE}\n\n${licenseOf(`${root}${folder}`)}\n`;
  });
  return ['These packages are part of the files in this folder.\n', ...sections].join('\n');
}

function licenseOf(folder: string): string {
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file));
  if (files.length === 0) throw new Error(`no licence in ${folder} (what is bundled must have one)`);
  return files.map((file) => readFileSync(`${folder}/${file}`, 'utf8').trim()).join('\n\n');
}
