/** Which packages a build has bundled. Pure. */
import type { Metafile } from 'esbuild';

/** The folder of a package in a file's path: from the first `node_modules` to the name after the last. */
const PACKAGE_FOLDER = /node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+(?=\/)/;

/** Folders of the packages that have code in what was built, sorted, such as `node_modules/yargs`. */
export function bundledFolders(metafiles: readonly Pick<Metafile, 'outputs'>[]): string[] {
  const outputs = metafiles.flatMap((metafile) => Object.values(metafile.outputs));
  const files = outputs.flatMap(({ inputs }) => Object.keys(inputs));
  return [...new Set(files.flatMap((file) => PACKAGE_FOLDER.exec(file)?.[0] ?? []))].sort();
}
