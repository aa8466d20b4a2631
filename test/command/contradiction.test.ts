/** Answers in the target's name that routers further on contradict, as both commands show them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HopFormat, PathFormat } from '../sim/path-format.ts';
import { tcptraceroute, traceroute } from '../dialects/run-command.ts';

const TARGET = '10.99.0.1';
const LONG = 'fd00:1234:5678:9abc:def0:1234:5678:9abc';
const MARKED = 'A router further on answers: 10.6.0.1 at hop 6\n';

/** Six routers, the second with the keys under test, and a target with port 80 open. */
function pathWith(second: Partial<HopFormat>, target: Partial<PathFormat['dst']> = {}): PathFormat {
  const hops = [1, 2, 3, 4, 5, 6].map((ttl): HopFormat => {
    const addr6 = ttl === 6 ? LONG : `fd0${ttl}::1`;
    return { addr: `10.${ttl}.0.1`, addr6, delay: ttl * 4, ...(ttl === 2 ? second : {}) };
  });
  const dst = { addr: TARGET, addr6: 'fd99::1', delay: 30, tcp: { 80: 'open' }, ...target } as const;
  return { src: '10.0.0.1', src6: 'fd00::1', hops, dst };
}

const INJECTED = pathWith({ inject: { kinds: ['tcp'], says: 'rst' } });

/** What standard error has besides the lines before the first hop. */
function remarksOf(err: string): string {
  return err.replace(/^(?:Selected device|Tracing the path|traceroute to) .*\n/gm, '');
}

describe('an answer that routers further on contradict', () => {
  it('is marked by tcptraceroute, and one line says why', async () => {
    const { out, err, status } = await tcptraceroute(`-n ${TARGET} 80`, { path: INJECTED });
    assert.equal(
      out,
      ' 1  10.1.0.1  4.000 ms  4.000 ms  4.000 ms\n' +
        ' 2  10.2.0.1  8.000 ms  8.000 ms  8.000 ms\n' +
        ' 3  10.99.0.1 [closed, not by the target?]  8.000 ms  8.000 ms  8.000 ms\n',
    );
    assert.equal(remarksOf(err), MARKED);
    assert.equal(status, 0);
  });

  it('is marked by traceroute -P tcp too, whatever the ports', async () => {
    for (const options of ['-P tcp', '-P tcp -e -p 80']) {
      const { out, err } = await traceroute(`-n -q 2 ${options} ${TARGET}`, { path: INJECTED });
      assert.match(out, /^ 3 {2}10\.99\.0\.1 \[closed, not by the target\?\] {2}8\.000 ms {2}8\.000 ms$/m);
      assert.equal(remarksOf(err), MARKED);
    }
  });

  it('is marked whatever it says, and whatever was asked', async () => {
    const accepts = pathWith({ inject: { kinds: ['tcp'], says: 'synack' } });
    const open = await tcptraceroute(`-n ${TARGET} 80`, { path: accepts });
    assert.match(open.out, /\[open, not by the target\?\]/);
    for (const options of ['-A', '-E']) {
      const { out } = await tcptraceroute(`-n ${options} ${TARGET} 80`, { path: INJECTED });
      assert.match(out, /\[closed, not by the target\?\]/, options);
    }
  });

  it('is marked over IPv6, in 80 columns', async () => {
    const { out, err } = await tcptraceroute('-n fd99::1 80', { path: INJECTED });
    assert.match(out, /^ 3 {2}fd99::1 \[closed, not by the target\?\] /m);
    assert.equal(remarksOf(err), `A router further on answers: ${LONG} at hop 6\n`);
    assert.ok(remarksOf(err).replace('6\n', '255').length <= 80, 'at the largest hop too');
  });

  it('is marked where a rate limit lets the rest pass', async () => {
    const path = pathWith({ reject: { tcp: 'rst' }, forges_below: [1, 1] });
    const { out } = await tcptraceroute(`-n ${TARGET} 80`, { path });
    assert.ok(
      out.endsWith(
        ' 3  10.99.0.1 [closed, not by the target?]  8.000 ms\n    10.3.0.1  12.000 ms  12.000 ms\n',
      ),
    );
  });

  it('is marked in JSON, with all doubts', async () => {
    const { out, err } = await tcptraceroute(`-n --json ${TARGET} 80`, { path: INJECTED });
    const { trace } = JSON.parse(out) as { trace: Record<string, unknown> }; // what --json prints
    assert.equal(trace['contradicted'], true);
    assert.deepEqual(trace['doubts'], [
      { type: 'router beyond', probe: 'tcp/80', text: '10.6.0.1 answers tcp/80 at hop 6' },
      {
        type: 'arrival ttl',
        probe: 'tcp/80',
        text: "it arrives with TTL 254, the last router's answer with 254",
      },
    ]);
    assert.equal(err, '');
  });

  it('is marked with what is known when Ctrl-C comes', async () => {
    const at = (interruptAtMs: number) => tcptraceroute(`-n ${TARGET} 80`, { path: INJECTED, interruptAtMs });
    assert.match((await at(25)).out, /\[closed, not by the target\?\]/);
    assert.match((await at(12)).out, /\[closed\]/, 'nothing has contradicted it so far');
  });
});

describe('an answer that nothing contradicts', () => {
  it('is the target’s, and ends the trace at once', async () => {
    const run = await tcptraceroute(`-n ${TARGET} 80`, { path: pathWith({}) });
    assert.match(run.out, /^ 7 {2}10\.99\.0\.1 \[open\] {2}30\.000 ms {2}30\.000 ms {2}30\.000 ms$/m);
    assert.deepEqual([remarksOf(run.err), run.endMs], ['', 33]);
    const json = await tcptraceroute(`-n --json ${TARGET} 80`, { path: pathWith({}) });
    assert.match(json.out, /"doubts": \[\],\n *"contradicted": false,\n/);
  });

  it('is not marked where a firewall lets nothing pass: a trace of one protocol cannot know', async () => {
    const path = pathWith({ reject: { tcp: 'rst' } });
    const { out, err } = await tcptraceroute(`-n ${TARGET} 80`, { path });
    assert.match(out, /^ 3 {2}10\.99\.0\.1 \[closed\] {2}8/m);
    assert.equal(remarksOf(err), '');
    const json = await tcptraceroute(`-n --json ${TARGET} 80`, { path });
    assert.match(json.out, /"type": "arrival ttl"/);
    assert.match(json.out, /"contradicted": false/);
  });

  it('is not held back for longer than half a second', async () => {
    // the third answer of the target's hop gets lost
    const path = pathWith({}, { turns: ['te', 'te', 'silent', 'silent', 'silent'] });
    let early = '';
    const { out } = await tcptraceroute(`-n -w 2 ${TARGET} 81`, {
      path,
      prepare: (sim) => {
        sim.clock.schedule(600, () => (early = sim.out));
      },
    });
    const line = ' 7  10.99.0.1 [closed]  30.000 ms  30.000 ms';
    assert.ok(early.endsWith(line), early);
    assert.ok(out.includes(`${line} *`));
  });
});
