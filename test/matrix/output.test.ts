/** What --matrix prints with --json and on a terminal, and what its UDP probes carry. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { main } from '../../src/main.ts';
import { VERSION } from '../../src/version.ts';
import { readDatagram } from '../sim/datagram.ts';
import { SimWorld } from '../sim/sim-world.ts';
import { ALL, run, SHOP } from './shop.ts';

describe('--json', () => {
  it('has the fields that others read', async () => {
    const { out, status } = await run('--matrix icmp,tcp/22,esp --json -q 1 shop.example');
    const document = JSON.parse(out) as { matrix: Record<string, unknown> }; // checked below
    assert.equal(status, 3);
    const { hops, verdicts, packets, startedAt, finishedAt, ...rest } = document.matrix as {
      hops: unknown[];
      verdicts: unknown[];
      packets: number;
      startedAt: string;
      finishedAt: string;
    }; // as above
    assert.match(startedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/);
    assert.ok(finishedAt >= startedAt);
    assert.ok(packets >= 13);
    assert.deepEqual(rest, {
      version: 1,
      program: VERSION,
      source: { address: '192.0.2.20' },
      options: { firstTtl: 1, maxTtl: 30, attempts: 1, waitSeconds: null, tos: 0 },
      target: { name: 'shop.example', address: '198.51.100.7' },
      columns: ['icmp', 'tcp/22', 'esp'],
      interrupted: false,
      pathDiffers: [],
      misspoken: [],
    });
    assert.equal(hops.length, 5);
    assert.deepEqual(hops[0], {
      ttl: 1,
      cells: Object.fromEntries(
        ['icmp', 'tcp/22', 'esp'].map((probe) => [
          probe,
          [{ from: '10.0.0.1', rttMs: 0.4, ttl: 255, annotation: null }],
        ]),
      ),
    });
    assert.deepEqual(
      verdicts.map((verdict) => Object.keys(verdict as object)),
      Array(3).fill([
        'probe',
        'flow',
        'state',
        'after',
        'before',
        'by',
        'annotation',
        'confidence',
        'arrival',
        'portState',
        'evidence',
        'witnesses',
        'doubts',
        'text',
        'rules',
      ]),
    );
    const { rules, ...verdict } = verdicts[2] as { rules: Record<string, string> }; // as above
    assert.deepEqual(Object.keys(rules), ['nft', 'pf', 'ios', 'aws']);
    assert.equal(rules['pf'], 'pass quick inet proto 50 from 192.0.2.20 to 198.51.100.7');
    assert.equal((verdicts[0] as { rules: unknown }).rules, null); // as above
    assert.deepEqual(verdict, {
      probe: 'esp',
      flow: null,
      state: 'rejected',
      after: null,
      before: null,
      by: { ttl: 3, address: '203.0.113.9' },
      annotation: '!X',
      confidence: 'high',
      arrival: null,
      portState: null,
      witnesses: [],
      doubts: [],
      evidence: [{ probe: 'esp', ttl: 4, attempt: 0, from: '203.0.113.9' }],
      text: 'by hop 3 (203.0.113.9): !X, administratively prohibited (high confidence)',
    });
  });

  it('has what a verdict rests on: arrival, witnesses and doubts', async () => {
    const hops = SHOP.hops.map((hop, index) =>
      index === 1 ? { ...hop, reject: { 'tcp:22': 'rst' as const } } : hop,
    );
    const { out } = await run('--matrix icmp,tcp/22,gre -n --json shop.example', { ...SHOP, hops });
    const { matrix } = JSON.parse(out) as { matrix: { verdicts: Record<string, unknown>[] } }; // by matrix-json.ts
    const [icmp, forged, dropped] = matrix.verdicts;
    assert.deepEqual(icmp?.['arrival'], { hop: 5, ttl: 60 });
    const doubts = forged?.['doubts'] as { type: string; probe: string; text: string }[]; // as above
    assert.deepEqual(doubts[0], {
      type: 'router beyond',
      probe: 'icmp',
      text: '198.51.100.20 answers icmp at hop 4',
    });
    assert.deepEqual([forged?.['witnesses'], dropped?.['witnesses']], [['icmp'], ['icmp']]);
  });

  it('has null for a miss, and nothing for what was not probed', async () => {
    const { out } = await run('--matrix icmp,tcp/22,esp --json -q 1 shop.example');
    const { matrix } = JSON.parse(out) as { matrix: { hops: { cells: Record<string, unknown[]> }[] } }; // as above
    const last = matrix.hops[4]?.cells ?? {};
    assert.ok((last['tcp/22'] ?? []).length >= 1 && last['tcp/22']?.every((attempt) => attempt === null));
    assert.deepEqual(last['esp'], []);
  });

  it('tells differing paths', async () => {
    const path = { ...SHOP, hops: SHOP.hops.map((hop) => ({ ...hop, addr: [hop.addr, `${hop.addr}1`] })) };
    const { out } = await run('--matrix tcp/443,tcp/80,tcp/81,tcp/82,tcp/83 --json shop.example', path);
    const { matrix } = JSON.parse(out) as { matrix: { pathDiffers: { ttl: number; saw: unknown[] }[] } }; // as above
    assert.ok(matrix.pathDiffers.length > 0);
    assert.ok(matrix.pathDiffers.every(({ saw }) => saw.length === 2));
  });
});

describe('on a terminal', () => {
  /** What a terminal of this size shows in the end, and how often it was written to. */
  async function screen(columns: string, width: number, height: number) {
    const world = new SimWorld(SHOP, {
      terminal: { width, height, colour: false, isUtf8: true, redraws: true },
    });
    const writes: string[] = [];
    world.stdout = (text) => {
      writes.push(text);
    };
    const argv = ['--matrix', columns, '-n', 'shop.example'];
    await world.clock.run(main('traceroute', 'traceroute', argv, world));
    const lines: string[] = [];
    for (const text of writes) {
      const [, up = '0', rest = ''] = /^(?:\u001b\[(\d+)F\u001b\[J)?(.*)$/s.exec(text) ?? [];
      lines.splice(lines.length - Number(up));
      lines.push(...rest.split('\n').slice(0, -1));
      assert.ok(Number(up) < height, 'nothing above the screen is redrawn');
    }
    return { lines, writes };
  }

  it('cells fill in, and in the end it is the text as without one', async () => {
    const { lines, writes } = await screen(ALL, 200, 50);
    const { out } = await run(`--matrix ${ALL} -n shop.example`);
    assert.equal(`${lines.join('\n')}\n`, out);
    assert.ok(writes.length > 2);
    assert.match(writes[0] ?? '', /^matrix to shop\.example .*\nhop +responder/);
  });

  it('wide tables wrap, and what does not fit is not drawn before the end', async () => {
    const { lines } = await screen(ALL, 50, 6);
    assert.equal(lines.filter((line) => line.startsWith('hop ')).length, 2);
  });

  it('shows the end alone where nothing can be written over', async () => {
    const terminal = { width: 200, height: 50, colour: false, isUtf8: true, redraws: false };
    const world = new SimWorld(SHOP, { terminal });
    const argv = ['--matrix', ALL, '-n', 'shop.example'];
    await world.clock.run(main('traceroute', 'traceroute', argv, world));
    const { out } = await run(`--matrix ${ALL} -n shop.example`);
    assert.equal(world.out, out);
  });

  it('shows colours where the user wants them', async () => {
    const world = new SimWorld(SHOP, {
      terminal: { width: 200, height: 50, colour: true, isUtf8: true, redraws: true },
    });
    const argv = ['--matrix', 'icmp,gre', '-n', 'shop.example'];
    await world.clock.run(main('traceroute', 'traceroute', argv, world));
    assert.ok(world.out.includes('\u001b[32mreached\u001b[39m'));
    const { out } = await run('--matrix icmp,gre -n shop.example');
    assert.ok(!out.includes('\u001b'));
  });
});

describe('the octets of a matrix', () => {
  it('are a DNS query to port 53, and nothing to a port that nobody knows', async () => {
    const world = new SimWorld(SHOP);
    await world.clock.run(
      main('traceroute', 'traceroute', ['--matrix', 'udp/53,udp/54', '-n', '198.51.100.7'], world),
    );
    const lengths = (world.transport?.sent ?? []).map(({ octets }) => readDatagram(octets).transport.length);
    assert.deepEqual(new Set(lengths), new Set([8 + 17, 8]));
  });
});
