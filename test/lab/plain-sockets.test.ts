/** Covers --transport plain over kernel routers: probes are those of a program's own sockets, for root too. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { normalise } from '../sim/normalise.ts';
import { labMissing } from './lab.ts';
import { commandOf } from './replay-case.ts';
import { openRouters, type Routers } from './routers.ts';

/** Drops a SYN without the option of the largest segment, which every real connection sends. RFC 9293 section 3.7.1 */
const PICKY = `table inet picky { chain forward {
  type filter hook forward priority 0
  tcp dport 443 tcp flags syn tcp option maxseg missing drop
} }`;

describe('--transport plain', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(async () => {
    routers = openRouters(2);
    await routers.listen(443);
    routers.nft('r1', PICKY.replaceAll('} }', '}\n}'));
  });
  after(() => {
    routers.close();
  });

  const run = (command: string, ...argv: readonly string[]) =>
    routers.exec('src', process.execPath, [commandOf(command), '-n', '-q1', ...argv]);

  for (const family of [4, 6] as const) {
    it(`gets through a firewall that wants TCP options, IPv${family}`, async () => {
      const target = routers.destination[family];
      const raw = await run('tcptraceroute', '-m3', target, '443');
      assert.match(normalise(raw.stdout), /\n 2 {2}\*\n 3 {2}\*$/);
      const { status, stdout } = await run('tcptraceroute', '--transport', 'plain', target, '443');
      assert.ok(normalise(stdout).endsWith(`\n 3  ${target} [open]  <rtt> ms`), stdout);
      assert.equal(status, 0);
    });
  }

  it('gives a matrix that shows which SYN passes', async () => {
    const { stdout } = await run('traceroute', '--transport', 'plain', '--matrix', 'tcp/443', '10.3.0.1');
    assert.match(stdout, /^tcp\/443 {2}open /m);
    const both = await run('traceroute', '--transport', 'plain', '--matrix', 'tcp/443,gre', '10.3.0.1');
    assert.match(both.stdout, /^gre +blocked here .*: it takes a raw socket, and plain ones were asked for/m);
  });

  for (const [command, option, rest] of [
    ['tcptraceroute', '-A', ['10.3.0.1']],
    ['traceroute', '-P gre', ['10.3.0.1']],
    ['traceroute', '-D', ['10.3.0.1']],
  ] as const) {
    it(`refuses what takes a raw socket: ${command} ${option}`, async () => {
      const argv = ['--transport', 'plain', ...option.split(' '), ...rest];
      const { status, stdout, stderr } = await run(command, ...argv);
      const line = `--transport plain: ${option} takes a raw socket\n`;
      assert.equal(stderr.replace('traceroute: ', ''), line);
      assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
    });
  }
});
