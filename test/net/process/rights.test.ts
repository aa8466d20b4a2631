import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { labEnvironment } from '../../lab/command.ts';

const CHILD = fileURLToPath(new URL('rights-child.ts', import.meta.url));
const [ROOT, USER] = [0, 65_533];

/** What rights-child.ts says, started as root by sudo or set free of it. */
function childSays(way: string): unknown {
  const env = { ...labEnvironment(), SUDO_UID: String(USER), SUDO_GID: String(USER) };
  const command = ['--import', import.meta.resolve('tsx'), CHILD, way];
  const { stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', env });
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const skip = isRoot ? false : 'only root of Linux has rights to wait with';

describe('the rights of a command', { skip }, () => {
  const refusal =
    'TransportError: cannot give up root: Operation not permitted ' +
    '(in a container add the capabilities SETUID and SETGID, or start as another user)';
  for (const [way, said] of [
    ['before it is asked', [ROOT]],
    ['at once', [USER]],
    ['before something is read', [ROOT, USER]],
    ['on the next turn', [ROOT, USER]],
    ['before a name is looked up', [ROOT, USER]],
    ['when it cannot any more', [refusal, refusal]],
  ] as const) {
    const does = { 'before it is asked': 'stay', 'when it cannot any more': 'let nothing be read' }[
      way as string
    ];
    it(`${does ?? 'go'} ${way}`, () => {
      assert.deepEqual(childSays(way), said);
    });
  }
});
