/** Covers that the suites for every probe type take a new one without a change. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./with-another-type.ts', import.meta.url));

describe('the suites for every probe type', () => {
  it('take a new one that keeps Paris flows on a protocol for experiments', () => {
    const env = { ...process.env };
    // the runner of the runner
    delete env['NODE_TEST_CONTEXT'];
    delete env['NODE_V8_COVERAGE'];
    const argv = ['--import', 'tsx', PROGRAM];
    const { stdout, status } = spawnSync(process.execPath, argv, { env, encoding: 'utf8' });
    const failures = stdout.split('\n').filter((line) => /^ *(not ok|error:)|✖/.test(line));
    assert.equal(status, 0, failures.join('\n'));
    assert.match(stdout, /a matrix with the probe type another, IPv6/);
    assert.match(stdout, /keeps what balancers hash: another with 16 octets, IPv6/);
  });
});
