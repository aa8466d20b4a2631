/** Covers both commands over paths where TCP probes of one connection stand in each other's way. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { tcptraceroute, traceroute } from '../dialects/run-command.ts';
import type { PathFormat } from '../sim/path-format.ts';

function found(name: string): PathFormat {
  const text = readFileSync(new URL(`../golden/found/${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(text) as PathFormat; // the tests of found paths check it
}

const LOCK = found('asa-isn-lock');
const COMMANDS = [
  ['tcptraceroute', '-n 10.99.0.1 443', tcptraceroute],
  ['tcptraceroute', '-n -q 1 -w 1 10.99.0.1 443', tcptraceroute],
  ['traceroute', '-n -P tcp -e -p 443 10.99.0.1', traceroute],
  ['traceroute', '-n -P tcp -e -p 443 -q 2 --parallel 1 10.99.0.1', traceroute],
  ['traceroute', '-n -P tcp -e -p 443 -w 1 --parallel 6 10.99.0.1', traceroute],
  ['traceroute6', '-6 -n -P tcp -e -p 443 fd99::1', traceroute],
] as const;

/** The RTTs of each hop in milliseconds, without its stars. */
function rttsMs(out: string): readonly (readonly number[])[] {
  const lines = out.split('\n').filter((line) => /^ ?\d/.test(line));
  return lines.map((line) => [...line.matchAll(/(\d+\.\d{3}) ms/g)].map(([, ms]) => Number(ms)));
}

describe('a box that passes one initial sequence number', () => {
  for (const [command, argv, run] of COMMANDS) {
    const attempts = Number(/-q (\d)/.exec(argv)?.[1] ?? 3);
    const expected = [5, 10, 15, 20, 25, 30].map((ms) => Array<number>(attempts).fill(ms));
    it(`hides no hop from ${command} ${argv}, nor an open port behind it`, async () => {
      const { out, status } = await run(argv, { path: LOCK });
      assert.deepEqual(rttsMs(out), expected);
      assert.match(out, /\[open\]/);
      assert.equal(status, 0);
    });

    it(`hides no closed port from ${command} ${argv}`, async () => {
      const { out } = await run(argv, { path: { ...LOCK, dst: { ...LOCK.dst, tcp: {} } } });
      assert.deepEqual(rttsMs(out), expected);
      assert.match(out, /\[closed\]/);
    });
  }

  for (const [what, at, silent] of [
    ['as the first hop', 0, []],
    ['that is silent itself', 1, [1]],
    ['with a silent hop behind it', 1, [2]],
    ['right before the target', 4, []],
    ['that is silent right before the target', 4, [4]],
  ] as const) {
    it(`is passed ${what}`, async () => {
      const hops = LOCK.hops.map((hop, index) => ({
        ...hop,
        isn_lock: index === at,
        ...(silent.some((other) => other === index) ? { silent: true } : {}),
      }));
      const { out } = await tcptraceroute('-n 10.99.0.1 443', { path: { ...LOCK, hops } });
      const expected = [5, 10, 15, 20, 25, 30].map((ms, index) =>
        silent.some((other) => other === index) ? [] : [ms, ms, ms],
      );
      assert.deepEqual(rttsMs(out), expected);
      assert.match(out, /\[open\]/);
    });
  }
});

describe('a path without such a box', () => {
  const plain = { ...LOCK, hops: LOCK.hops.map((hop) => ({ ...hop, isn_lock: false })) };

  it('gets no packet more, and takes no longer', async () => {
    const { endMs, datagrams } = await tcptraceroute('-n 10.99.0.1 81', { path: plain });
    assert.equal(endMs, 33); // the last hop is asked after 3 ms, when none has answered
    assert.equal(
      new Set(datagrams.map(({ transport }) => transport.slice(4, 8).join())).size,
      datagrams.length,
    );
  });

  it('takes no longer where a filter drops the port', async () => {
    const [hop = plain.hops[0], ...hops] = plain.hops;
    const path = { ...plain, hops: [{ ...hop, drop: 'tcp' }, ...hops] } as PathFormat; // the first hop is there
    const { endMs, probes } = await tcptraceroute('-n -m 30 -w 1 10.99.0.1 443', { path });
    const udp = await traceroute('-n -m 30 -w 1 10.99.0.1', {
      path: { ...path, hops: path.hops.map((one, index) => (index === 0 ? { ...one, drop: 'udp' } : one)) },
    });
    assert.equal(endMs, udp.endMs);
    assert.ok(probes.length <= udp.probes.length + 24);
  });
});

describe('answers that name no probe', () => {
  for (const [name, port, state] of [
    ['bare-rst', 81, 'closed'],
    ['challenge-ack', 80, 'unknown, ACK'],
  ] as const) {
    it(`are told apart one at a time: ${name}`, async () => {
      const path = found(name);
      const { out, status } = await tcptraceroute(`-n 10.99.0.1 ${port}`, { path });
      const ms = path.dst.delay ?? 0;
      assert.deepEqual(rttsMs(out).at(-1), [ms, ms, ms]);
      assert.ok(out.includes(`10.99.0.1 [${state}]`));
      assert.equal(status, 0);
    });
  }
});

describe('quotes with rewritten sequence numbers', () => {
  for (const target of ['10.99.0.1', 'fd99::1']) {
    it(`hide no hop, and JSON tells of them: ${target}`, async () => {
      const { out } = await traceroute(`-n -P tcp -e -p 80 --json ${target}`, {
        path: found('tcp-seq-rewritten'),
      });
      const { trace } = JSON.parse(out) as {
        trace: { hops: { probes: { quoted?: { differs: string[] } }[] }[] };
      }; // as documented
      const differs = trace.hops.map(({ probes }) => probes.map((probe) => probe.quoted?.differs.join()));
      const rewritten = Array<string>(3).fill('sequence');
      const plain = Array<undefined>(3).fill(undefined);
      assert.deepEqual(differs, [plain, plain, rewritten, rewritten, plain]);
    });
  }
});

describe('a matrix over a box that passes one sequence number', () => {
  it('finds an open and a closed port behind it', async () => {
    const { out } = await traceroute('-n --matrix icmp,tcp/443,tcp/81 10.99.0.1', { path: LOCK });
    assert.match(out, /^tcp\/443 +open +SYN-ACK from the target at hop 6 /m);
    assert.match(out, /^tcp\/81 +closed +RST from the target at hop 6 \(high confidence\)$/m);
  });
});
