/** Covers traces on a machine whose name server never answers. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { labMissing } from './lab.ts';
import { configure } from './namespaces.ts';
import { openRouters, type Routers } from './routers.ts';

const SCRIPT = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
/** resolv.conf's own patience: 5 s for each of two tries, unless it says otherwise. */
const RESOLV_CONF = 'nameserver 10.3.0.1\n';
const DEAF = 'table ip deaf { chain in { type filter hook input priority 0; udp dport 53 drop; }; }';
/** Of the second that a name is waited for, and the start of Node on a loaded machine. */
const AT_MOST_MS = 4000;

describe('a name server that never answers', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(() => {
    routers = openRouters(2);
    routers.nft('dst', DEAF);
    configure(routers.namespaceOf('src'), 'resolv.conf', RESOLV_CONF);
  });
  after(() => {
    routers.close();
  });

  for (const options of [[], ['-a'], ['--matrix', 'icmp,udp']]) {
    it(`costs traceroute ${options.join(' ')} a second, and all hops are shown`, async () => {
      const startMs = performance.now();
      const argv = [SCRIPT, '-q', '1', ...options, routers.destination[4]];
      const { stdout, status } = await routers.exec('src', process.execPath, argv);
      const tookMs = performance.now() - startMs;
      for (const [index, address] of ['10.1.0.1', '10.2.0.1', '10.3.0.1'].entries()) {
        assert.match(stdout, new RegExp(`^ +${index + 1} .*\\b${address}\\b`, 'm'));
      }
      assert.equal(status, 0);
      assert.ok(tookMs < AT_MOST_MS, `${tookMs} ms`);
    });
  }
});
