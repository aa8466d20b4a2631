import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { labEnvironment } from '../../lab/command.ts';

const CHILD = fileURLToPath(new URL('signals-child.ts', import.meta.url));
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Starts the child, and resolves when it listens. */
async function start(...args: readonly string[]): Promise<ChildProcess> {
  const command = ['--import', import.meta.resolve('tsx'), CHILD, ...args];
  const child = spawn(process.execPath, command, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: labEnvironment(),
  });
  await says(child, 'ready');
  return child;
}

async function says(child: ChildProcess, line: string): Promise<void> {
  assert.ok(child.stdout);
  const [text] = (await once(child.stdout, 'data')) as [Buffer]; // what 'data' gives
  assert.equal(String(text), `${line}\n`);
}

describe('onEndSignal', () => {
  for (const first of SIGNALS) {
    it(`catches ${first} once: the next signal ends the process at once`, async () => {
      for (const second of SIGNALS) {
        const child = await start();
        child.kill(first);
        await says(child, `caught ${first}`);
        child.kill(second);
        assert.deepEqual(await once(child, 'exit'), [null, second]);
      }
    });
  }
});

describe('onEndSignal, cancelled', () => {
  for (const signal of SIGNALS) {
    it(`lets ${signal} end the process at once`, async () => {
      const child = await start('cancels');
      child.kill(signal);
      assert.deepEqual(await once(child, 'exit'), [null, signal]);
    });
  }
});

describe('dieOf', () => {
  for (const signal of SIGNALS) {
    it(`ends the process by ${signal}, which it has caught`, async () => {
      const child = await start('and dies');
      child.kill(signal);
      assert.deepEqual(await once(child, 'exit'), [null, signal]);
    });
  }
});
