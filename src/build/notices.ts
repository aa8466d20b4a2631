/** What goes with the built files about the packages in them: licences, and the bill of materials. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Metafile } from 'esbuild';
import { bundledFolders } from './bundled.ts';
import { licensesText } from './licenses.ts';
import { distinctPackages, readLockfile } from './lockfile.ts';
import { ROOT } from './options.ts';
import { sbom, type Product } from './sbom.ts';

/** Writes `licenses.txt` and `sbom.cdx.json` into the folder `out`. @param metafiles - of all that was built into it */
export function writeNotices(out: string, metafiles: readonly Metafile[]): void {
  const lockfile = readLockfile();
  const bundled = distinctPackages(lockfile, bundledFolders(metafiles));
  const product = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as Product; // our own
  writeFileSync(`${out}/licenses.txt`, licensesText(lockfile, bundled, ROOT));
  writeFileSync(`${out}/sbom.cdx.json`, sbom(product, lockfile, bundled));
}
