/** Covers probes that this machine's own firewall does not let out, as root and without root. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { labMissing } from './lab.ts';
import { openRouters, type Routers } from './routers.ts';

const TRACEROUTE = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all'];
const REFUSAL = 'traceroute: sendto: Operation not permitted';

describe('probes that a firewall of this machine refuses', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(() => {
    routers = openRouters(1);
    const drop = 'udp dport 33434-34000 drop';
    routers.nft('src', `table ip own { chain own { type filter hook output priority 0; ${drop}; }; }`);
  });
  after(() => {
    routers.close();
  });

  for (const [who, user] of [
    ['root', []],
    ['nobody', AS_NOBODY],
  ] as const) {
    it(`are told of six times to ${who}, and then counted`, async () => {
      const argv = [...user, process.execPath, TRACEROUTE, '-n', routers.destination[4]];
      const { status, stdout, stderr } = await routers.exec('src', 'env', argv);
      const lines = stderr.split('\n').filter((line) => line.startsWith(REFUSAL));
      assert.deepEqual(lines, [
        ...new Array<string>(6).fill(REFUSAL),
        `${REFUSAL} (186 more probes were not sent)`,
      ]);
      assert.ok(stdout.endsWith('\n64  * * *\n'));
      assert.equal(status, 0);
    });
  }
});
