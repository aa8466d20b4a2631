/** Covers --extensions in the text of both commands, and what JSON says of extensions and of the target. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PathFormat } from '../sim/path-format.ts';
import { PATH, tcptraceroute, traceroute } from './run-command.ts';

const TARGET = PATH.dst.addr;
const labelled = {
  addr: '10.1.0.1',
  delay: 4,
  mpls: [
    [16004, 0, 0, 1],
    [16, 5, 1, 254],
  ],
} as const;

describe('--extensions', () => {
  for (const [name, run] of Object.entries({ traceroute, tcptraceroute })) {
    for (const mplslen of [undefined, 17, 0]) {
      it(`shows the labels of a hop once: ${name}, length octet ${mplslen ?? 'right'}`, async () => {
        const hop = mplslen === undefined ? labelled : { ...labelled, mplslen };
        const { out } = await run(`-n -q2 --extensions ${TARGET}`, { path: { ...PATH, hops: [hop] } });
        const [line = ''] = out.split('\n');
        assert.match(
          line,
          /^ 1  10\.1\.0\.1 <MPLS:L=16004,E=0,S=0,T=1\/L=16,E=5,S=1,T=254> {2}[\d.]+ ms {2}[\d.]+ ms$/,
        );
      });
    }
  }

  it('is needed in text, and not in JSON', async () => {
    const path = { ...PATH, hops: [labelled] };
    assert.doesNotMatch((await traceroute(`-n ${TARGET}`, { path })).out, /MPLS/);
    const { out } = await traceroute(`-n -q1 --json ${TARGET}`, { path });
    assert.match(
      out.replace(/\s+/g, ''),
      /"extensions":\[\{"class":1,"type":1,"kind":"mpls","labels":\[\{"label":16004,/,
    );
  });
});

/** The stop and the text of a trace over a path. */
async function endOf(path: PathFormat, options = ''): Promise<[string, string]> {
  const { out } = await traceroute(`-n -q1 --json ${options} ${TARGET}`, { path });
  const document = JSON.parse(out) as { trace: { stop: string } }; // our own output
  return [document.trace.stop, (await traceroute(`-n -q1 ${options} ${TARGET}`, { path })).out];
}

describe('an answer in the place of the target', () => {
  const hops = [{ addr: '10.1.0.1', delay: 4 }];

  it('is refused and marked where a router on the way gave it', async () => {
    const path = { ...PATH, hops: [{ ...hops[0], addr: '10.1.0.1', reject: { udp: 3 } }] };
    const [stop, text] = await endOf(path);
    assert.equal(stop, 'refused');
    assert.match(text, /^ 2  10\.1\.0\.1  [\d.]+ ms !p$/m);
  });

  it('is refused where no host says it by itself: port unreachable to TCP', async () => {
    const path = { ...PATH, hops: [{ addr: '10.1.0.1', code: 3 }] };
    assert.equal((await endOf(path, '-P tcp'))[0], 'refused');
  });

  for (const [what, options] of [
    ['port unreachable', ''],
    ['echo reply', '-P icmp'],
  ] as const) {
    it(`is the target's where nothing speaks against another address of its own: ${what}`, async () => {
      const [stop, text] = await endOf({ ...PATH, hops, dst: { ...PATH.dst, from: '10.99.0.9' } }, options);
      assert.equal(stop, 'reached');
      assert.match(text, /^ 2  10\.99\.0\.9  [\d.]+ ms$/m);
    });
  }
});
