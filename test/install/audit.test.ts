/** Covers .ci/audit, with answers of a registry that no registry can be made to give. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const AUDIT = fileURLToPath(new URL('../../.ci/audit', import.meta.url));

/** npm's answer about one faulty package. */
const faultIn = (name: string): object => ({
  vulnerabilities: { [name]: { name, severity: 'high', range: '<9' } },
});

describe('the audit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs it where npm prints this. */
  function audit(answer: unknown): { status: number | null; said: string } {
    writeFileSync(join(folder, 'answer'), typeof answer === 'string' ? answer : JSON.stringify(answer));
    writeFileSync(join(folder, 'npm'), `#!/bin/sh\ncat ${join(folder, 'answer')}\nexit 1\n`, { mode: 0o755 });
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    const { status, stdout, stderr } = spawnSync('bash', [AUDIT], { env, encoding: 'utf8' });
    return { status, said: stderr + stdout };
  }

  for (const name of ['koffi', 'yargs']) {
    it(`fails for a fault in ${name}, which users run`, () => {
      const { status, said } = audit(faultIn(name));
      assert.equal(status, 1);
      assert.match(said, new RegExp(`high in ${name} <9\\n.*users run what is faulty`));
    });
  }

  it('tells of a fault in a tool, and passes', () => {
    const { status, said } = audit(faultIn('eslint'));
    assert.equal(status, 0);
    assert.match(said, /high in eslint <9 \(a tool\)\n.*no known fault in what users run/s);
  });

  for (const [what, answer, words] of [
    ['refuses', { message: '405 Method Not Allowed', statusCode: 405 }, '405 Method Not Allowed'],
    ['says nothing', '', 'it said nothing'],
  ] as const) {
    it(`says so and passes where the registry ${what}`, () => {
      const { status, said } = audit(answer);
      assert.equal(said, `npm audit: no answer from the registry: ${words}\n`);
      assert.equal(status, 0);
    });
  }
});
