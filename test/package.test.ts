/** What is published, and that it says what it is. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { VERSION } from '../src/version.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly man: readonly string[];
}

const manifest = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as Manifest; // our own

describe('the package', () => {
  it('has the version that the commands print', () => {
    assert.equal(manifest.version, VERSION);
  });

  it('holds the commands, their manuals, the licences, the bill of materials and the readme, and nothing else', () => {
    // without scripts: prepare would build again under the feet of the tests
    const listing = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const [packed] = JSON.parse(listing) as { files: { path: string }[] }[]; // npm's own form
    const paths = packed?.files.map(({ path }) => path) ?? [];
    const other = paths.filter(
      (path) =>
        !/^(dist\/[\w-]+\.js|dist\/library\.(?:mjs|d\.ts|d\.mts)|dist\/package\.json|dist\/licenses\.txt|dist\/sbom\.cdx\.json|docs\/man\/[\w.]+|LICENSE|README\.md|package\.json)$/.test(
          path,
        ),
    );
    assert.deepEqual(other, []);
    const notices = ['LICENSE', 'dist/licenses.txt', 'dist/sbom.cdx.json'];
    for (const path of [...Object.values(manifest.bin), ...manifest.man, ...notices]) {
      assert.ok(paths.includes(path), `${path} is missing`);
    }
  });
});
