/** Covers waits over kernel routers: a target that nobody has, and one that is near and limits the rate of its errors. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { normalise } from '../sim/normalise.ts';
import { labMissing } from './lab.ts';
import { Pool } from './pool.ts';
import { openRouters } from './routers.ts';

const scriptOf = (name: string): string => fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
/** An address of the last network that no machine has, another one each time: a router looks for all of them at once. */
const down = { next: 70, 4: () => `10.3.0.${down.next++}`, 6: () => `fd00:3::${down.next++}` };
const LAST_ROUTER = { 4: '10.2.0.1', 6: 'fd00:2::1' } as const;
/** What Linux has unless told otherwise. */
const LIMIT = ['net.ipv4.icmp_ratemask=6168', 'net.ipv4.icmp_ratelimit=1000'];

/** The lines of hops, with `<rtt>` for the times. */
function hopsOf(stdout: string): string[] {
  return normalise(stdout)
    .split('\n')
    .filter((line) => /^ *\d+ {2}/.test(line));
}

/** So many at once, each over a chain of its own: together they would use up what a kernel sends of errors. */
const CHAINS = 5;

describe('a target that is down', { skip: labMissing() ?? false, concurrency: CHAINS }, () => {
  const chains = new Pool(() => openRouters(2));
  before(() => chains.open(CHAINS));
  after(() => {
    chains.close();
  });
  const run = (name: string, ...args: readonly string[]) =>
    chains.with((routers) => routers.exec('src', process.execPath, [scriptOf(name), '-n', ...args]));

  for (const [name, options, family] of [
    ['traceroute', [], 4],
    ['traceroute', [], 6],
    ['traceroute', ['-q', '1'], 4],
    ['traceroute', ['-I'], 4],
    ['traceroute', ['-P', 'tcp'], 6],
    ['traceroute', ['-P', 'gre'], 4],
    ['traceroute', ['--parallel', '1', '-q', '1'], 4],
    ['tcptraceroute', [], 4],
  ] as const) {
    it(`is shown as !H by ${name} ${options.join(' ')} over IPv${family}, and ends the trace`, async () => {
      const { stdout } = await run(name, ...options, down[family]());
      const attempts = options.includes('1' as never) ? 1 : 3; // -q 1
      const last = ` 3  ${LAST_ROUTER[family]}${'  <rtt> ms !H'.repeat(attempts)}`;
      assert.deepEqual(hopsOf(stdout).slice(2), [last]);
    });
  }

  for (const family of [4, 6] as const) {
    it(`is no matter of a filter to a matrix over IPv${family}`, async () => {
      const { stdout } = await run('traceroute', '--matrix', 'default', '--explain', down[family]());
      const words = family === 4 ? 'host unreachable' : 'address unreachable';
      const told = stdout.split('\n').filter((line) => /^\w\S+ +host unreachable /.test(line));
      assert.equal(told.length, 6);
      for (const line of told)
        assert.match(line, new RegExp(`by hop 2 .*: !H, ${words} \\(high confidence\\)$`));
      assert.doesNotMatch(stdout, /nftables:|pf:/);
    });
  }
});

const NEAR = [
  ['10.1.0.1', 1],
  ['10.2.0.1', 2],
] as const;

describe('a near kernel', { skip: labMissing() ?? false, concurrency: NEAR.length }, () => {
  const chains = new Pool(async () => {
    const routers = openRouters(2);
    for (const node of ['r1', 'r2']) await routers.exec(node, 'sysctl', ['-qw', ...LIMIT]);
    return routers;
  });
  before(() => chains.open(NEAR.length));
  after(() => {
    chains.close();
  });

  for (const [target, hop] of NEAR) {
    it(`is shown at its own hop by four traces in a row, ${hop} hop(s) away`, async () => {
      await chains.with(async (routers) => {
        for (let run = 1; run <= 4; run++) {
          const argv = [scriptOf('traceroute'), '-n', target];
          const { stdout } = await routers.exec('src', process.execPath, argv);
          const hops = hopsOf(stdout);
          assert.equal(hops.length, hop, `run ${run}`);
          // one answer may be missing: a single one counts as lost
          assert.match(hops[hop - 1] ?? '', new RegExp(`^ ${hop}  ${target}(?:  <rtt> ms){2}`), `run ${run}`);
        }
      });
    });
  }
});
