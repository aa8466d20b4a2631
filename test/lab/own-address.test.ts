/** Covers traces to an address of the machine itself, with each protocol that a raw socket hears. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { labMissing } from './lab.ts';
import { openRouters, type Routers } from './routers.ts';

const TRACEROUTE = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));

describe('a trace to the machine itself', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(() => {
    routers = openRouters(1);
  });
  after(() => {
    routers.close();
  });

  for (const target of ['127.0.0.1', '10.1.0.2', '::1', 'fd00:1::2']) {
    for (const probe of [['-P', 'sctp'], ['-P', 'sctp', '-v'], ['-P', 'gre'], ['-P', 'udplite'], ['-I']]) {
      it(`is answered by ${target}: ${probe.join(' ')}`, async () => {
        const argv = [TRACEROUTE, '-nq1', '-w2', '-m3', ...probe, target];
        const { stdout } = await routers.exec('src', process.execPath, argv);
        const [line = ''] = stdout.split('\n').filter((each) => each.startsWith(' 1  '));
        assert.ok(line.startsWith(` 1  ${target} `), stdout);
      });
    }
  }

  for (const [unspecified, own] of [
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
  ] as const) {
    for (const probe of [[], ['-I'], ['-P', 'tcp'], ['-P', 'sctp']]) {
      it(`is one to ${unspecified} too, as a connection is: ${probe.join(' ')}`, async () => {
        const argv = [TRACEROUTE, '-nq1', '-w2', '-m3', ...probe, unspecified];
        const { stdout, stderr } = await routers.exec('src', process.execPath, argv);
        assert.ok(stderr.startsWith(`traceroute to ${unspecified} (${own}), `), stderr);
        assert.ok(stdout.startsWith(` 1  ${own} `), stdout);
      });
    }
  }

  it('is answered by an address of another interface that -i lo is to reach', async () => {
    const argv = [TRACEROUTE, '-nq1', '-w2', '-m3', '-i', 'lo', '10.1.0.2'];
    const { stdout, stderr } = await routers.exec('src', process.execPath, argv);
    assert.doesNotMatch(stderr, /Warning/);
    assert.ok(stdout.startsWith(' 1  10.1.0.2 '), stdout);
  });
});
