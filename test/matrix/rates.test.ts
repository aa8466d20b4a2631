/** Covers matrices over routers that limit the rate of what they say, or of what they let pass. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { traceroute } from '../dialects/run-command.ts';
import type { HopFormat, PathFormat } from '../sim/path-format.ts';

/** Like the kernel of Linux: net.ipv4.icmp_ratelimit. */
const LINUX = [1, 6] as const;
/** A limit that nobody notices. */
const NONE = [1000, 1000] as const;
const PROHIBITED = 13;
const TARGET = '10.99.0.1';

/** A path of five routers of which `special` changes some, by their TTL. Each limits the rate of its errors. */
function pathOf(
  special: Readonly<Record<number, Partial<HopFormat>>>,
  limit: readonly [number, number] = LINUX,
): PathFormat {
  const hops = range(1, 5).map((ttl) => ({
    addr: `10.${ttl}.0.1`,
    delay: 4 * ttl,
    bucket: limit,
    ...special[ttl],
  }));
  return { src: '10.0.0.1', hops, dst: { addr: TARGET, delay: 24, tcp_default: 'open' } };
}

/** The refusals of these TCP ports. */
function rejecting(...ports: readonly number[]): Partial<HopFormat> {
  return { reject: Object.fromEntries(ports.map((port) => [`tcp:${port}`, PROHIBITED])) };
}

/** The state of each probe of a matrix. */
async function statesOver(path: PathFormat, probes: string, options = ''): Promise<Record<string, string>> {
  const { out } = await traceroute(`-n --json ${options} --matrix ${probes} ${TARGET}`, { path });
  const { matrix } = JSON.parse(out) as {
    matrix: { verdicts: readonly { probe: string; state: string }[] };
  }; // by formats/matrix-json.ts
  return Object.fromEntries(matrix.verdicts.map(({ probe, state }) => [probe, state]));
}

/** The ports from the first to the last. */
function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

describe('a matrix over a router that limits the rate of its refusals', () => {
  const refused = range(20, 34);

  it('has each column refused that is, where others pass', async () => {
    const states = await statesOver(pathOf({ 3: rejecting(...refused) }), 'icmp,tcp/20-34,tcp/443');
    const { icmp, 'tcp/443': open, ...others } = states;
    assert.deepEqual([icmp, open], ['reached', 'open']);
    assert.deepEqual(new Set(Object.values(others)), new Set(['rejected']));
  });

  it('has each column refused that is, where none passes', async () => {
    const states = await statesOver(pathOf({ 3: rejecting(...refused) }), 'tcp/20-34', '-m 10');
    assert.deepEqual(new Set(Object.values(states)), new Set(['rejected']));
  });

  it('finds out that it refuses although the first answers swallowed it', async () => {
    const states = await statesOver(pathOf({ 3: rejecting(22) }), 'icmp,tcp/22,tcp/443,udp,udp/53');
    assert.equal(states['tcp/22'], 'rejected');
  });

  it('says what is likely where it limits it so much that the run would never end', async () => {
    const path = pathOf({ 3: { ...rejecting(...refused), bucket: [0.05, 24] } }, NONE);
    const { out, endMs } = await traceroute(`-n --matrix icmp,tcp/20-27,tcp/443 ${TARGET}`, { path });
    assert.match(
      out,
      /^tcp\/2\d +rejected +probably rejected, as tcp\/2\d is, by hop 3 \(10\.3\.0\.1\): !X/m,
    );
    assert.doesNotMatch(out, /dropped/);
    assert.ok(endMs < 60_000, `${endMs} ms`);
  });

  it('tells what is dropped from what is refused', async () => {
    const filter = { ...rejecting(...range(20, 27)), drop: ['tcp:80', 'tcp:81'] };
    const states = await statesOver(pathOf({ 3: filter }), 'icmp,tcp/20-27,tcp/80,tcp/81,tcp/443');
    for (const port of range(20, 27)) assert.equal(states[`tcp/${port}`], 'rejected');
    assert.deepEqual([states['tcp/80'], states['tcp/81']], ['dropped', 'dropped']);
  });

  it('is no slower where it does not limit it', async () => {
    const hops = { 3: { ...rejecting(22), drop: 'tcp:80' } };
    const path = pathOf(hops, NONE);
    const { endMs } = await traceroute(`-n --matrix icmp,tcp/22,tcp/80,tcp/443 ${TARGET}`, { path });
    assert.ok(endMs < 1200, `${endMs} ms`);
  });
});

describe('a matrix over a policer', () => {
  const policing = (rate: number, burst: number, ...kinds: readonly string[]): PathFormat =>
    pathOf({ 3: { policer: { kinds, rate, burst } } }, NONE);

  for (const burst of [1, 3, 5, 20]) {
    it(`of SYNs that lets one a second pass after ${burst} finds the ports open`, async () => {
      const states = await statesOver(policing(1, burst, 'syn'), 'icmp,udp,tcp/22,tcp/80,tcp/443');
      assert.deepEqual(Object.values(states), ['reached', 'closed', 'open', 'open', 'open']);
    });
  }

  it('says so', async () => {
    const { out } = await traceroute(`-n --matrix icmp,tcp/443 ${TARGET}`, { path: policing(1, 3, 'syn') });
    assert.match(
      out,
      /^tcp\/443 +open +SYN-ACK from the target at hop 6, at a low rate only: something at or before/m,
    );
  });

  it('is told from a mute target behind it', async () => {
    const path = policing(1, 2, 'syn');
    const mute = { ...path, dst: { ...path.dst, tcp: { 25: 'filtered' } } } as const;
    const states = await statesOver(mute, 'icmp,tcp/25,tcp/443');
    assert.notEqual(states['tcp/25'], 'dropped');
    assert.equal(states['tcp/443'], 'open');
  });

  it('finds the only port open, too', async () => {
    for (const burst of [1, 3, 6]) {
      const states = await statesOver(policing(1, burst, 'syn'), 'icmp,tcp/443');
      assert.deepEqual(states, { icmp: 'reached', 'tcp/443': 'open' });
    }
  });

  it('of UDP finds the ports closed', async () => {
    const states = await statesOver(policing(1, 4, 'udp'), 'icmp,udp,udp/9,tcp/443');
    assert.deepEqual(Object.values(states), ['reached', 'closed', 'closed', 'open']);
  });

  it('is no slower for ports that are dropped beside one that passes', async () => {
    const path = pathOf({ 3: { drop: ['tcp:22', 'tcp:23'] } }, NONE);
    const { endMs } = await traceroute(`-n --matrix icmp,tcp/22,tcp/23,tcp/443 ${TARGET}`, { path });
    assert.ok(endMs < 1200, `${endMs} ms`);
  });

  it('that passes no more for long is not taken for filters of the ports', async () => {
    const { out } = await traceroute(`-n --matrix icmp,tcp/22,tcp/80,tcp/443 ${TARGET}`, {
      path: policing(0.01, 15, 'syn'),
    });
    const verdicts = out.split('\n').filter((line) => /^tcp/.test(line));
    assert.equal(verdicts.length, 3);
    for (const line of verdicts) assert.doesNotMatch(line, /(silent|dropped) .*high confidence/);
  });

  it('of all packets does not make the target seem further', async () => {
    const { out } = await traceroute(`-n --matrix icmp,udp,tcp/22,tcp/80,tcp/443,gre,esp ${TARGET}`, {
      path: policing(10, 10, 'any'),
    });
    const hops = [...out.matchAll(/from the target at hop (\d+)/g)].map(([, hop]) => hop);
    assert.ok(hops.length > 3);
    assert.deepEqual(new Set(hops), new Set(['6']));
  });

  it('is another thing than a filter of all SYNs', async () => {
    const states = await statesOver(pathOf({ 3: { drop: 'syn' } }, NONE), 'icmp,udp,tcp/22,tcp/443');
    assert.deepEqual(Object.values(states), ['reached', 'closed', 'dropped', 'dropped']);
  });
});
