import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { said, threeHops } from './ask.ts';
import { tcpProbe, udpProbe } from './make-probe.ts';
import type { WayFormat } from './path-format.ts';
import { openPath, type PathState } from './path-state.ts';

const TARGET = '10.99.0.1';

function open(...ways: readonly WayFormat[]): PathState {
  return openPath({ ...threeHops(), ways }, () => 0);
}

/** Who answers the probes of a kind, by TTL. */
function along(state: PathState, probe: (ttl: number) => Uint8Array, ttls: number): string[] {
  return Array.from({ length: ttls }, (_, index) => said(state, probe(index + 1)).join());
}

describe('a way', () => {
  it('is taken by its kinds from where it parts', () => {
    const state = open({ after: 1, kinds: ['tcp'], hops: [{ addr: '10.7.0.1' }] });
    const tcp = along(state, (ttl) => tcpProbe({ ttl }), 3);
    assert.deepEqual(tcp, ['10.1.0.1 icmp 11/0', '10.7.0.1 icmp 11/0', `${TARGET} tcp 0x12`]);
    const udp = along(state, (ttl) => udpProbe({ ttl }), 4);
    assert.deepEqual(udp.slice(1), ['10.2.0.1 icmp 11/0', '10.3.0.1 icmp 11/0', `${TARGET} icmp 3/3`]);
  });

  it('leads through a translator to a host further on, in the name of the target', () => {
    const inner = { addr: TARGET, any: true, tcp: { 80: 'closed' } } as const;
    const hops = [{ addr: '10.2.0.1' }, { addr: '10.3.0.1' }, { addr: TARGET }];
    const state = open({ after: 1, kinds: ['tcp:80'], hops, dst: inner });
    const [, , , translator, host] = along(state, (ttl) => tcpProbe({ ttl }), 5);
    assert.deepEqual([translator, host], [`${TARGET} icmp 11/0`, `${TARGET} tcp 0x14`]);
  });

  it('is that of a share of all packets', () => {
    let drawn = 0;
    const ways = [{ after: 0, share: 0.5, hops: [{ addr: '10.8.0.1' }] }];
    const state = openPath({ ...threeHops(), ways }, () => (drawn++ % 2 === 0 ? 0.4 : 0.6));
    const answers = [1, 2, 3].map(() => said(state, udpProbe({ ttl: 1 })).join());
    const [branch, own] = ['10.8.0.1 icmp 11/0', '10.1.0.1 icmp 11/0'];
    assert.deepEqual(answers, [branch, own, branch]);
  });

  it('is that of some flows', () => {
    const branch = (addr: string, index: number) => ({
      after: 0,
      flow: { index, of: 2 },
      hops: [{ addr }],
    });
    const state = open(branch('10.8.0.1', 0), branch('10.9.0.1', 1));
    const answers = Array.from({ length: 20 }, (_, index) =>
      said(state, udpProbe({ ttl: 1, destination: `10.99.0.${index}` })).join(),
    );
    assert.deepEqual([...new Set(answers)].sort(), ['10.8.0.1 icmp 11/0', '10.9.0.1 icmp 11/0']);
    assert.deepEqual(
      said(state, udpProbe({ ttl: 1, destination: '10.99.0.1' })),
      [answers[1]],
      'a flow keeps its branch',
    );
  });
});
