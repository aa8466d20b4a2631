import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { randomBelow } from '../../src/net/random.ts';

describe('randomBelow', () => {
  it('stays below its limit and reaches all of it', () => {
    const drawn = Array.from({ length: 400 }, () => randomBelow(8));
    assert.deepEqual([...new Set(drawn)].sort(), [0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('draws where the process may open no more files', () => {
    const script = `
      import { openSync } from 'node:fs';
      import { randomBelow } from '${new URL('../../src/net/random.ts', import.meta.url).href}';
      randomBelow(8);
      try {
        for (;;) openSync('/dev/null');
      } catch (error) {
        console.log(error.code, [1, 2, 3].every(() => randomBelow(8) < 8));
      }`;
    const argv = [
      '-c',
      'ulimit -n 64; exec "$@"',
      'sh',
      process.execPath,
      '--import',
      import.meta.resolve('tsx'),
    ];
    const { stdout, stderr } = spawnSync('sh', [...argv, '--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    assert.equal(stdout, 'EMFILE true\n', stderr);
  });

  it('does not repeat itself', () => {
    const drawn = Array.from({ length: 100 }, () => randomBelow(0x1_0000_0000));
    assert.ok(new Set(drawn).size > 95);
  });
});
