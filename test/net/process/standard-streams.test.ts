import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ended } from '../../lab/command.ts';

const CHILD = fileURLToPath(new URL('standard-streams-child.ts', import.meta.url));

describe('standard output', () => {
  it('gets all there is, in order, over a pipe that does not block and is read slowly', async () => {
    const reader = `"$0" --import "$1" "$2" | (read -r first; printf '%s\\n' "$first"; cat); exit "\${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', reader, process.execPath, import.meta.resolve('tsx'), CHILD], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { status, stdout, stderr } = await ended(child);
    const lines = stdout.split('\n').slice(0, -1);
    assert.equal(stderr, '');
    assert.deepEqual(
      lines.map((line) => parseInt(line, 10)),
      Array.from({ length: 2000 }, (_, index) => index),
    );
    assert.equal(status, 7);
  });
});
