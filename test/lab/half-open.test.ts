/** Covers both commands against a kernel that answers only the first SYN between two ports, until a RST comes. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { labMissing } from './lab.ts';
import { openRouters, type Routers } from './routers.ts';
import { addSlowLink } from './slow-link.ts';

const PORT = 443;
const DELAY_MS = 20;
const RTT = '( {2}\\d+\\.\\d{3} ms)';

describe('an open port, some way off', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  let target: string;
  before(async () => {
    routers = openRouters(1);
    await routers.listen(PORT);
    target = await addSlowLink(routers, DELAY_MS);
  });
  after(() => {
    routers.close();
  });

  // -w keeps a trace from sending again what a rate limit swallowed
  for (const [command, ...args] of [
    ['traceroute', '-w', '2', '-P', 'tcp', '-e', '-p', String(PORT)],
    ['traceroute', '-w', '2', '-P', 'tcp', '-e', '-p', String(PORT), '-q', '5'],
    ['tcptraceroute', '-w', '2'],
  ]) {
    it(`answers every probe of ${[command, ...args].join(' ')}`, async () => {
      const script = fileURLToPath(new URL(`../../dist/${command}.js`, import.meta.url));
      const port = command === 'tcptraceroute' ? [String(PORT)] : [];
      const argv = [script, '-n', ...args, target, ...port];
      const { status, stdout } = await routers.exec('src', process.execPath, argv);
      const count = args.includes('-q') ? 5 : 3;
      assert.match(stdout, new RegExp(`^ 1 {2}10\\.200\\.0\\.2 \\[open\\]${RTT}{${count}}\\n$`));
      assert.equal(status, 0);
    });
  }
});
