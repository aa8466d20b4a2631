import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setUp } from './set-up.ts';
import { missingLabTools, missingTools, TOOLS } from './tools.ts';

/** Notes how it was called; installs nothing until it has its lists, as on a machine fresh from its image. */
const APT_GET = `#!/bin/sh
here=\${0%/*}
echo "$@" >> "$here/calls"
case "$*" in
  *update*) [ ! -e "$here/offline" ] || { echo "E: no route to the archive" >&2; exit 100; }; : > "$here/lists" ;;
  *) [ -e "$here/lists" ] || { echo "E: Unable to locate package" >&2; exit 100; }
esac
`;

describe('npm run setup', () => {
  let path = '';
  let said: string[] = [];
  const say = (line: string): void => {
    said.push(line);
  };
  const add = (program: string, script = '#!/bin/sh\n'): void => {
    writeFileSync(join(path, program), script);
    chmodSync(join(path, program), 0o755);
  };
  const addAllBut = (...names: readonly string[]): void => {
    for (const { program } of TOOLS) if (!names.includes(program)) add(program);
  };
  const calls = (): string[] => readFileSync(join(path, 'calls'), 'utf8').trim().split('\n');
  const root = { platform: 'linux', isRoot: true } as const;

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'programs-'));
    said = [];
  });
  afterEach(() => {
    rmSync(path, { recursive: true });
  });

  it('installs what is missing, and only that, and fetches the lists where they are needed', () => {
    add('apt-get', APT_GET);
    addAllBut('nft', 'cc');
    assert.equal(setUp(say, { ...root, path }), true);
    const install = '--quiet install --yes --no-install-recommends nftables gcc libc6-dev';
    assert.deepEqual(calls(), [install, '--quiet update', install]);
    assert.deepEqual(said, [
      "missing: nft (for the lab), cc (for the kernel's structures). Installing with apt-get: nftables gcc libc6-dev",
    ]);
  });

  it('calls nothing where all is there', () => {
    add('apt-get', APT_GET);
    addAllBut();
    assert.equal(setUp(say, { ...root, path }), true);
    assert.deepEqual(said, ['nothing is missing']);
    assert.equal(existsSync(join(path, 'calls')), false);
  });

  for (const [who, hasAptGet, isRoot] of [
    ['a user', true, false],
    ['a system without apt-get', false, true],
  ] as const) {
    it(`tells ${who} what to install, and installs nothing`, () => {
      if (hasAptGet) add('apt-get', APT_GET);
      addAllBut('zsh');
      assert.equal(setUp(say, { ...root, path, isRoot }), false);
      assert.deepEqual(said, [
        'missing: zsh (for completion). On Debian or Ubuntu, as root: apt-get install zsh',
      ]);
      assert.equal(existsSync(join(path, 'calls')), false);
    });
  }

  it("says why it could not install, in apt-get's own words", () => {
    add('apt-get', APT_GET);
    add('offline');
    addAllBut('fish');
    assert.equal(setUp(say, { ...root, path }), false);
    assert.equal(said[1], 'cannot install: E: no route to the archive');
  });
});

describe('missingTools', () => {
  it('names all of them where PATH has nothing', () => {
    assert.deepEqual(missingTools({ path: '/nonexistent', platform: 'linux' }), TOOLS);
    assert.deepEqual(missingTools({ path: '', platform: 'linux' }), TOOLS);
  });

  it('names no tool of Linux elsewhere', () => {
    const names = missingTools({ path: '/nonexistent', platform: 'darwin' }).map(({ program }) => program);
    assert.deepEqual(names, ['bash', 'zsh', 'fish', 'mandoc']);
  });

  it('tells those of the lab from the others', () => {
    const names = missingLabTools({ path: '/nonexistent', platform: 'linux' }).map(({ program }) => program);
    assert.deepEqual(names, ['ip', 'nft']);
  });
});
