/** Covers answers in the target's name that routers further on contradict, over real packets. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { HopFormat, PathFormat } from '../sim/path-format.ts';
import { mustRun } from './command.ts';
import { labMissing, openLab, type Lab } from './lab.ts';
import { commandOf } from './replay-case.ts';
import { openRouters, type Routers } from './routers.ts';
import { addSlowLink, SLOW_NETWORK } from './slow-link.ts';

const PORT = 443;
const DELAY_MS = 10;
const TIME = '\\d+\\.\\d{3} ms';
/** Kernels that reset by a rule let the first probe of a minute be reset, and the others pass. */
const RULE = (target: string) => `table ip filter {
  chain forward {
    type filter hook forward priority 0;
    ip daddr ${target} tcp dport ${PORT} limit rate 1/minute burst 1 packets reject with tcp reset
  }
}`;

/** Five kernels between src and dst, the first one some way off. */
async function openSlowRouters(): Promise<Routers> {
  const routers = openRouters(5);
  const gateway = await addSlowLink(routers, DELAY_MS, { node: 'r1', address: '10.1.0.1' });
  mustRun('ip', [
    '-n',
    routers.namespaceOf('src'),
    'route',
    'add',
    `${routers.destination[4]}/32`,
    'via',
    gateway,
  ]);
  for (const [index, node] of ['r2', 'r3', 'r4', 'r5', 'dst'].entries()) {
    const back = ['route', 'add', SLOW_NETWORK, 'via', `10.${index + 2}.0.2`];
    mustRun('ip', ['-n', routers.namespaceOf(node), ...back]);
  }
  return routers;
}

describe('a kernel that resets some of what passes', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(async () => {
    routers = await openSlowRouters();
  });
  after(() => {
    routers.close();
  });

  const run = (command: string, args: readonly string[]) =>
    routers.exec('src', process.execPath, [commandOf(command), '-n', ...args]);

  it('is not there: the target is not doubted', async () => {
    const target = routers.destination[4];
    const { stdout, stderr } = await run('tcptraceroute', [target, String(PORT)]);
    assert.match(
      stdout,
      new RegExp(`^ 6 {2}${target.replaceAll('.', '\\.')} \\[closed\\](?: {2}${TIME}){3}$`, 'm'),
    );
    assert.doesNotMatch(stdout + stderr, /not by the target|further on/);
  });

  it('is told by the routers further on, which answer the rest', async () => {
    const target = routers.destination[4];
    for (const [command, ...args] of [
      ['tcptraceroute', target, String(PORT)],
      ['traceroute', '-P', 'tcp', '-e', '-p', String(PORT), target],
    ] as const) {
      mustRun('ip', ['netns', 'exec', routers.namespaceOf('r2'), 'nft', 'flush', 'ruleset']);
      routers.nft('r2', RULE(target));
      const { stdout, stderr } = await run(command, args);
      const lines = stdout.split('\n');
      assert.match(
        lines[2] ?? '',
        new RegExp(`^ 3 {2}\\S+ \\[closed, not by the target\\?\\] {2}${TIME}$`),
        stdout,
      );
      assert.match(lines[3] ?? '', new RegExp(`^    10\\.3\\.0\\.1(?: {2}${TIME}){2}$`));
      assert.match(stderr, /^A router further on answers: 10\.5\.0\.1 at hop 5$/m);
    }
  });
});

describe('a box beside the path that resets what passes', { skip: labMissing() ?? false }, () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
  });
  after(() => {
    lab.close();
  });

  function path(second: Partial<HopFormat>): PathFormat {
    const hops = [1, 2, 3, 4, 5].map((ttl): HopFormat => {
      return { addr: `10.${ttl}.0.1`, addr6: `fd0${ttl}::1`, delay: ttl * 10, ...(ttl === 2 ? second : {}) };
    });
    const dst = { addr: '10.99.0.1', addr6: 'fd99::1', delay: 70, tcp: { [PORT]: 'open' } } as const;
    return { src: '10.0.0.1', src6: 'fd00::1', hops, dst };
  }

  for (const target of ['10.99.0.1', 'fd99::1']) {
    it(`is told by the routers further on, on the way to ${target}`, async () => {
      await lab.take(path({ inject: { kinds: ['tcp'], says: 'rst', copies: 3 } }));
      const { stdout, stderr } = await lab.run(process.execPath, [
        commandOf('tcptraceroute'),
        ...['-n', target, String(PORT)],
      ]);
      assert.match(
        stdout,
        new RegExp(`^ 3 {2}\\S+ \\[closed, not by the target\\?\\](?: {2}${TIME}){3}$`, 'm'),
      );
      assert.match(stderr, /^A router further on answers: \S+ at hop [45]$/m);
    });

    it(`is not there, on the way to ${target}`, async () => {
      await lab.take(path({}));
      const { stdout, stderr } = await lab.run(process.execPath, [
        commandOf('tcptraceroute'),
        ...['-n', target, String(PORT)],
      ]);
      assert.match(stdout, new RegExp(`^ 6 {2}\\S+ \\[open\\](?: {2}${TIME}){3}$`, 'm'));
      assert.doesNotMatch(stdout + stderr, /not by the target|further on/);
    });
  }
});
