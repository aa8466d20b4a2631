/** The bill of materials: all that a user of the package runs. CycloneDX 1.5, https://cyclonedx.org/docs/1.5/json/ */
import { installedFolders, lockedPackage, packageName, type Lockfile } from './lockfile.ts';

/** The package that is built. */
export interface Product {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * The document, the same for the same lockfile: no date, no serial number.
 * @param bundled - folders of the packages that are part of the built files; those that npm installs come besides
 */
export function sbom(
  { name, version, license }: Product,
  lockfile: Lockfile,
  bundled: readonly string[],
): string {
  const folders = [...bundled, ...installedFolders(lockfile)].sort();
  const product = { type: 'application', ...identity(name, version), licenses: licensesOf(license) };
  const document = {
    ...{
      $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
    },
    ...{ version: 1, metadata: { component: product } },
    components: folders.map((folder) => component(lockfile, folder, bundled.includes(folder))),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function component(lockfile: Lockfile, folder: string, isBundled: boolean): object {
  const { version, license, integrity, optional } = lockedPackage(lockfile, folder);
  return {
    type: 'library',
    ...identity(packageName(folder), version),
    scope: optional === true && !isBundled ? 'optional' : 'required',
    ...(license === undefined ? {} : { licenses: licensesOf(license) }),
    ...(integrity === undefined ? {} : { hashes: hashesOf(integrity) }),
    // https://github.com/CycloneDX/cyclonedx-property-taxonomy/blob/main/cdx/npm.md
    ...(isBundled ? { properties: [{ name: 'cdx:npm:package:bundled', value: 'true' }] } : {}),
  };
}

function identity(name: string, version: string): object {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`; // a scope's sign is escaped, says purl's npm type
  return { 'bom-ref': purl, name, version, purl };
}

/** A list of identifiers, or an expression of several. */
function licensesOf(license: string): object[] {
  return [/\s/.test(license) ? { expression: license } : { license: { id: license } }];
}

function hashesOf(integrity: string): object[] {
  return integrity.split(' ').map((hash) => {
    const [algorithm = '', base64 = ''] = hash.split('-', 2);
    return { alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(base64, 'base64').toString('hex') };
  });
}
