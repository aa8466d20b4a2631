import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ensureTools } from './ensure-tools.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

/** Notes how it was called; installs nothing until its lists are there, as on a machine fresh from its image. */
const APT_GET = `#!/bin/sh
echo "$@" >> "$PROGRAMS/calls"
case "$*" in
  *--version*) exit 0 ;;
  *update*) [ -z "$OFFLINE" ] || { echo "E: no route to the archive" >&2; exit 100; }; : > "$PROGRAMS/lists" ;;
  *) [ -e "$PROGRAMS/lists" ] || { echo "E: Unable to locate package" >&2; exit 100; }
esac
`;

describe('ensureTools, as root', { skip: isRoot ? false : 'only root may install' }, () => {
  let programs = '';
  let said: string[] = [];
  const say = (line: string): void => {
    said.push(line);
  };
  const environment = (): NodeJS.ProcessEnv => ({ PATH: programs, PROGRAMS: programs });
  const add = (program: string, script: string): void => {
    writeFileSync(join(programs, program), script);
    chmodSync(join(programs, program), 0o755);
  };
  const installs = (): string[] =>
    readFileSync(join(programs, 'calls'), 'utf8')
      .split('\n')
      .filter((call) => call.includes('install --yes') || call.includes('update'));

  beforeEach(() => {
    programs = mkdtempSync(join(tmpdir(), 'programs-'));
    said = [];
  });
  afterEach(() => {
    rmSync(programs, { recursive: true });
  });

  it('installs what is missing, and only that, fetching the lists where they are needed', () => {
    add('apt-get', APT_GET);
    add('nft', '#!/bin/sh\n');
    ensureTools(say, environment());
    const install = '--quiet install --yes --no-install-recommends iproute2 tcpdump';
    assert.deepEqual(installs(), [install, '--quiet update', install]);
    assert.deepEqual(said, ['installing iproute2, tcpdump with apt-get, for the lab']);
  });

  it('does nothing where all is there', () => {
    add('apt-get', APT_GET);
    for (const program of ['ip', 'nft', 'tcpdump']) add(program, '#!/bin/sh\n');
    ensureTools(say, environment());
    assert.deepEqual(said, []);
  });

  it('does nothing where there is no apt-get', () => {
    ensureTools(say, environment());
    assert.deepEqual(said, []);
  });

  it("says why it could not, in apt-get's own words", () => {
    add('apt-get', APT_GET);
    ensureTools(say, { ...environment(), OFFLINE: 'yes' });
    assert.equal(said[1], 'cannot install iproute2, nftables, tcpdump: E: no route to the archive');
  });
});
