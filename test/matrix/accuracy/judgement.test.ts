import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DestinationFormat, HopFormat, PathFormat, WayFormat } from '../../sim/path-format.ts';
import { columnOf } from './columns.ts';
import { judgementOf, type JsonVerdict } from './judgement.ts';
import type { Network } from './network.ts';
import { wilson } from './score.ts';

const TARGET = '10.99.0.1';

function hopAt(ttl: number): JsonVerdict['by'] {
  return { ttl, address: `10.${ttl}.0.1` };
}

interface Parts {
  readonly second?: Partial<HopFormat>;
  readonly third?: Partial<HopFormat>;
  readonly dst?: Partial<DestinationFormat>;
  readonly ways?: readonly WayFormat[];
}

/** Three routers and a target with port 443 open, asked with icmp, tcp/443 and udp/53. */
function network({ second, third, dst, ways }: Parts): Network {
  const router = (ttl: number): HopFormat => ({ addr: `10.${ttl}.0.1`, reply_ttl: 256 - ttl });
  const hops = [router(1), { ...router(2), ...second }, { ...router(3), ...third }];
  const target = { addr: TARGET, tcp: { 443: 'open' }, reply_ttl: 61, ...dst } as const;
  const path: PathFormat = { src: '10.0.0.1', hops, dst: target, ...(ways ? { ways } : {}) };
  const columns = ['icmp', 'tcp/443', 'udp/53'].map(columnOf);
  return { seed: 0, kind: 'made', family: 4, path, typed: { text: '', columns }, options: [] };
}

function judged(parts: Parts, state: string, hops: Partial<JsonVerdict> = {}, probe = 'tcp/443'): string {
  const verdict: JsonVerdict = {
    probe,
    state,
    confidence: 'certain',
    after: null,
    before: null,
    by: null,
    text: '',
    ...hops,
  };
  return judgementOf(network(parts), columnOf(probe), verdict);
}

describe('the judge of verdicts', () => {
  it('holds the target’s own answer against what was said', () => {
    assert.equal(judged({}, 'open'), 'right');
    assert.equal(judged({}, 'reached'), 'acceptable');
    assert.equal(judged({}, 'closed'), 'false');
    assert.equal(judged({}, 'silent', { after: hopAt(3) }), 'false');
    assert.equal(judged({}, 'unknown'), 'acceptable');
  });

  it('wants the hops of a drop around its filter, as narrow as can be', () => {
    const parts = { second: { drop: 'tcp' } };
    assert.equal(judged(parts, 'dropped', { after: hopAt(2), before: hopAt(3) }), 'right');
    assert.equal(judged(parts, 'dropped', { after: hopAt(1), before: hopAt(3) }), 'acceptable');
    assert.equal(judged(parts, 'dropped', { after: hopAt(1), before: hopAt(2) }), 'false');
    assert.equal(judged(parts, 'silent', { after: hopAt(3) }), 'false');
    assert.equal(judged({}, 'dropped', { after: hopAt(2), before: hopAt(3) }), 'false');
  });

  it('takes a silent router for what widens the interval', () => {
    const parts = { second: { silent: true, drop: 'tcp' } };
    assert.equal(judged(parts, 'dropped', { after: hopAt(1), before: hopAt(3) }), 'right');
  });

  it('wants the hop that refuses', () => {
    const parts = { second: { reject: { tcp: 13 } } };
    assert.equal(judged(parts, 'rejected', { by: hopAt(2) }), 'right');
    assert.equal(judged(parts, 'rejected', { by: hopAt(3) }), 'false');
    assert.equal(judged(parts, 'dropped', { after: hopAt(2), before: hopAt(3) }), 'false');
    assert.equal(judged(parts, 'silent', { after: hopAt(2) }), 'false', 'it is answered');
    const limited = { second: { ...parts.second, bucket: [1, 1] } } as const;
    assert.equal(judged(limited, 'silent', { after: hopAt(2) }), 'acceptable');
  });

  it('blames who believes a forger that others contradict', () => {
    const parts = { second: { synack: ['tcp'] } };
    assert.equal(judged(parts, 'open'), 'false');
    assert.equal(judged(parts, 'rejected', { after: hopAt(2), before: hopAt(3) }), 'right');
    const tuned = { third: { synack: ['tcp'], rst_ttl: 'target' } } as const;
    assert.equal(judged(tuned, 'open'), 'undecided', 'it is like the target in all that can be seen');
    assert.equal(judged({ third: { synack: ['tcp'] } }, 'open'), 'false', 'by its TTL on arrival');
  });

  it('knows what is lost by rate, by a loop, for want of the target, and to a host further on', () => {
    const policer = { second: { policer: { kinds: ['syn'], rate: 1, burst: 1 } } };
    assert.equal(judged(policer, 'rate-limited', { after: hopAt(2), before: hopAt(3) }), 'right');
    assert.equal(judged(policer, 'open'), 'right', 'one that passes');
    assert.equal(judged(policer, 'dropped', { after: hopAt(2), before: hopAt(3) }), 'false');
    const [a, b] = [{ addr: '10.8.0.1' }, { addr: '10.9.0.1' }];
    const loop = { ways: [{ after: 1, kinds: ['tcp'], hops: [a, b, a, b] }] };
    assert.equal(judged(loop, 'loop', { after: { ttl: 2, address: a.addr } }), 'right');
    assert.equal(judged(loop, 'loop', { after: { ttl: 1, address: '10.1.0.1' } }), 'false');
    const down = { third: { reject: { any: 1 } } };
    assert.equal(judged(down, 'host unreachable', { by: hopAt(3) }), 'right');
    assert.equal(judged(down, 'rejected', { by: hopAt(3) }), 'acceptable');
    const host = { addr: TARGET, any: true, tcp: { 443: 'open' } } as const;
    const inner = { ways: [{ after: 3, kinds: ['tcp:443'], hops: [{ addr: TARGET }], dst: host }] };
    assert.equal(judged(inner, 'forwarded'), 'right');
    assert.equal(judged(inner, 'forwarded', {}, 'icmp'), 'false');
    assert.equal(judged(inner, 'rejected', { by: { ttl: 4, address: TARGET } }, 'icmp'), 'false');
  });

  it('counts a state that it does not know as false', () => {
    assert.equal(judged({}, 'splendid'), 'false');
  });
});

describe('the interval of Wilson', () => {
  it('is the textbook’s', () => {
    const rounded = wilson(10, 100).map((share) => share.toFixed(4));
    assert.deepEqual(rounded, ['0.0552', '0.1744']);
    assert.deepEqual(wilson(0, 0), [0, 1]);
    assert.equal(wilson(0, 1000)[0], 0);
  });
});
