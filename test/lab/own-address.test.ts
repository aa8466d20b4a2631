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
});
