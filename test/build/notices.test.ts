import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Metafile } from 'esbuild';
import { buildDist } from '../../src/build/dist.ts';
import { buildLibrary } from '../../src/build/library.ts';
import { writeNotices } from '../../src/build/notices.ts';
import { ROOT } from '../../src/build/options.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

interface Component extends Omit<Manifest, 'license'> {
  readonly 'bom-ref': string;
  readonly scope: string;
  readonly licenses: readonly [{ readonly license: { readonly id: string } }];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface Locked {
  readonly dev?: boolean;
  readonly version: string;
  readonly license: string;
}

const read = (path: string): string => readFileSync(path, 'utf8');
const lineOf = ({ name, version, license }: Manifest): string => `${name} ${version} (${license})`;

/** What the packages say of themselves whose files esbuild has put into an output, whole or in part. */
function manifestsIn(metafiles: readonly Metafile[]): Manifest[] {
  const folders = new Set<string>();
  for (const { outputs } of metafiles) {
    for (const path of Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs))) {
      const parts = path.split('/');
      const at = parts.lastIndexOf('node_modules');
      if (at >= 0) folders.add(parts.slice(0, at + (parts[at + 1]?.startsWith('@') ? 3 : 2)).join('/'));
    }
  }
  return [...folders].map((folder) => JSON.parse(read(join(ROOT, folder, 'package.json'))) as Manifest); // npm's form
}

describe('the notices about packages', () => {
  const out = mkdtempSync(join(tmpdir(), 'notices-'));
  let bundled: Manifest[];
  let licenses: string;
  let components: readonly Component[];
  before(async () => {
    const metafiles = [...(await buildDist(out)), await buildLibrary(out)];
    writeNotices(out, metafiles);
    bundled = manifestsIn(metafiles);
    licenses = read(join(out, 'licenses.txt'));
    ({ components } = JSON.parse(read(join(out, 'sbom.cdx.json'))) as { components: readonly Component[] }); // CycloneDX
  });
  after(() => {
    rmSync(out, { recursive: true });
  });

  it('have the licence of each package that is bundled, and of no other', () => {
    const heads = licenses.split('\n').filter((line) => /^\S+ \d+\.\d+\.\d+ \(/.test(line));
    assert.deepEqual(heads.sort(), [...new Set(bundled.map(lineOf))].sort());
    assert.ok(bundled.some(({ name }) => name === 'yargs'));
  });

  it('have each licence to its end', () => {
    const text = licenses.replace(/\s+/g, ' ');
    const grants = text.match(/Permission is hereby granted|Permission to use, copy, modify/g) ?? [];
    const ends = text.match(/(?:IN THE|OF THIS) SOFTWARE\./g) ?? [];
    assert.equal(grants.length, new Set(bundled.map(lineOf)).size);
    assert.equal(ends.length, grants.length);
  });

  it('list in the bill of materials what is bundled and what is installed, with versions and licences', () => {
    const { packages } = JSON.parse(read(`${ROOT}package-lock.json`)) as { packages: Record<string, Locked> }; // npm's form
    const installed = Object.entries(packages)
      .filter(([folder, { dev }]) => folder !== '' && dev !== true)
      .map(([folder, locked]) => lineOf({ name: folder.replace(/^.*node_modules\//, ''), ...locked }));
    const listed = components.map(({ licenses: [{ license }], ...component }) =>
      lineOf({ ...component, license: license.id }),
    );
    assert.deepEqual(listed.sort(), [...new Set([...bundled.map(lineOf), ...installed])].sort());
    assert.equal(new Set(components.map((each) => each['bom-ref'])).size, components.length);
  });

  it('tell in the bill of materials which packages are bundled', () => {
    const marked = components.filter(({ properties }) =>
      properties?.some(({ name, value }) => name === 'cdx:npm:package:bundled' && value === 'true'),
    );
    assert.deepEqual(new Set(marked.map(({ name }) => name)), new Set(bundled.map(({ name }) => name)));
  });
});
