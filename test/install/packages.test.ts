/** Covers which packages a user of this one runs: packages.json lists all that somebody has looked at. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { installedFolders, packageName, readLockfile } from '../../src/build/lockfile.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LIST = 'test/install/packages.json';
const MOST_INSTALLED = 12;

type Kind = 'installed' | 'installScripts' | 'bundled';

interface BillOfMaterials {
  readonly components: readonly { readonly name: string; readonly properties?: readonly unknown[] }[];
}

const read = (path: string): unknown => JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8'));
const recorded = read(LIST) as Readonly<Record<Kind, readonly string[]>>;
const lockfile = readLockfile();
const installed = installedFolders(lockfile);

/** koffi has a package with its binary for each platform, of which npm installs one. */
const groupOf = (name: string): string => name.replace(/^@koromix\/koffi-.*/, '@koromix/koffi-*');

function assertRecorded(kind: Kind, names: readonly string[]): void {
  const found = [...new Set(names.map(groupOf))].sort();
  const what = `look at who maintains each new package and what it does when installed, then edit "${kind}" of ${LIST}`;
  assert.deepEqual(found, [...recorded[kind]].sort(), what);
}

describe('the packages that a user of this one runs', () => {
  it('are installed as recorded', () => {
    assertRecorded('installed', installed.map(packageName));
  });

  it('run scripts when they are installed as recorded', () => {
    const withScript = installed.filter((folder) => lockfile[folder]?.hasInstallScript === true);
    assertRecorded('installScripts', withScript.map(packageName));
  });

  it('are bundled as recorded', () => {
    const { components } = read('dist/sbom.cdx.json') as BillOfMaterials;
    assertRecorded(
      'bundled',
      components.filter(({ properties }) => properties !== undefined).map(({ name }) => name),
    );
  });

  it(`are at most ${MOST_INSTALLED} in what npm installs here`, () => {
    const argv = ['ls', '--omit=dev', '--all', '--parseable', '--offline'];
    const [own, ...packages] = execFileSync('npm', argv, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
    assert.equal(`${own}/`, ROOT);
    assert.ok(packages.length > 0 && packages.length <= MOST_INSTALLED, packages.join('\n'));
  });
});
