/** The library: what its functions tell, throw and leave behind. src/index.ts */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  matrix,
  ResolveError,
  trace,
  traceAll,
  UsageError,
  type MatrixEvent,
  type TraceEvent,
  type TraceOptions,
} from '../src/index.ts';
import { SimWorld, type SimWorldOptions } from './sim/sim-world.ts';

const TARGET = '198.51.100.7';
const PATH = {
  src: '192.0.2.2',
  hops: [
    { addr: '192.0.2.1', delay: 1 },
    { addr: '203.0.113.1', delay: 4 },
  ],
  dst: { addr: TARGET, delay: 9, tcp: { '443': 'open' } },
  dns: { addr: '192.0.2.53', names: {} },
} as const;

function worldOf(options: SimWorldOptions = {}): SimWorld {
  return new SimWorld(PATH, options);
}

/** All events of a loop, in virtual time. */
async function all<Event>(world: SimWorld, events: AsyncIterable<Event>): Promise<Event[]> {
  const seen: Event[] = [];
  const read = async () => {
    for await (const event of events) seen.push(event);
  };
  await world.clock.run(read());
  return seen;
}

function kinds(events: readonly { readonly type: string }[]): string[] {
  return events.map(({ type }) => type);
}

function ofType<Type extends TraceEvent['type']>(
  events: readonly { readonly type: string }[],
  type: Type,
): Extract<TraceEvent, { type: Type }>[] {
  return events.filter((event) => event.type === type) as Extract<TraceEvent, { type: Type }>[]; // by the filter
}

describe('trace of the library', () => {
  it('tells the start first, the end last, and each hop once its outcomes are told', async () => {
    const world = worldOf();
    const events = await all(world, trace(TARGET, { probe: 'icmp', attempts: 2, world }));
    assert.equal(events[0]?.type, 'start');
    assert.equal(events.at(-1)?.type, 'end');
    assert.deepEqual(
      kinds(events).filter((type) => type === 'outcome' || type === 'hop'),
      ['outcome', 'outcome', 'hop', 'outcome', 'outcome', 'hop', 'outcome', 'outcome', 'hop'],
    );
    assert.deepEqual(
      ofType(events, 'hop').map(({ ttl }) => ttl),
      [1, 2, 3],
    );
    assert.equal(ofType(events, 'end')[0]?.reason, 'reached');
  });

  it('tells the round-trip time with the reply', async () => {
    const world = worldOf();
    const replies = ofType(await all(world, trace(TARGET, { probe: 'icmp', attempts: 1, world })), 'reply');
    assert.deepEqual(
      replies.map(({ probe, reply, rttMs }) => [probe.ttl, reply.responder, rttMs]),
      [
        [1, '192.0.2.1', 1],
        [2, '203.0.113.1', 4],
        [3, TARGET, 9],
      ],
    );
  });

  it('ends where it is when the signal says so, and tells what was known', async () => {
    const world = worldOf();
    const controller = new AbortController();
    world.clock.schedule(8, () => {
      controller.abort();
    });
    const options = { probe: 'icmp', attempts: 1, signal: controller.signal, world };
    const events = await all(world, trace(TARGET, options));
    assert.deepEqual(
      ofType(events, 'outcome').map(({ outcome }) => outcome.status),
      ['replied', 'replied'],
    );
    assert.equal(ofType(events, 'end')[0]?.reason, 'interrupted');
  });

  it('sends nothing when the signal has come before', async () => {
    const world = worldOf();
    const events = await all(world, trace(TARGET, { signal: AbortSignal.abort(), world }));
    assert.equal(ofType(events, 'end')[0]?.reason, 'interrupted');
    assert.equal(world.transport?.sent.length, 0);
  });

  it('closes its sockets when the loop is left', async () => {
    const world = worldOf();
    const read = async () => {
      for await (const event of trace(TARGET, { world })) if (event.type === 'reply') break;
    };
    await world.clock.run(read());
    assert.throws(() => world.transport?.receive(), /closed/);
  });

  it('looks up names where it is asked to, each once and before the end', async () => {
    const world = worldOf();
    const events = await all(world, trace(TARGET, { probe: 'icmp', names: true, world }));
    const labels = events.flatMap((event) => (event.type === 'label' ? [event.address] : []));
    assert.deepEqual(labels, ['192.0.2.1', '203.0.113.1', TARGET]);
    assert.equal(events.at(-1)?.type, 'end');
  });

  it('throws a ResolveError for a host without an address, with nothing sent', async () => {
    const world = worldOf();
    await assert.rejects(
      all(world, trace('nowhere.example', { world })),
      (error) => error instanceof ResolveError && error.message === 'unknown host nowhere.example',
    );
    assert.equal(world.transport?.sent.length, 0);
  });

  const bad: readonly (readonly [string, string, TraceOptions, RegExp])[] = [
    ['a TTL beyond 255', TARGET, { maxTtl: 256 }, /^maxTtl 256: expected a whole number from 1 to 255$/],
    ['a first TTL beyond the last', TARGET, { firstTtl: 31 }, /^firstTtl 31: expected .* from 1 to 30$/],
    ['half a probe', TARGET, { attempts: 1.5 }, /^attempts 1\.5: expected a whole number/],
    ['no time to wait', TARGET, { waitSeconds: 0 }, /^waitSeconds 0: expected a number from 0\.001/],
    ['what is no number', TARGET, { pauseMs: NaN }, /^pauseMs NaN: expected a number/],
    ['an unknown probe', TARGET, { probe: 'warp' }, /^probe warp: warp: no such protocol/],
    ['several probes', TARGET, { probe: 'icmp,gre' }, /^probe icmp,gre: a trace has one probe/],
    ['an empty host', '', {}, /^host: expected a name or an address$/],
    ['a number as text', TARGET, { pauseMs: '5' as never }, /^pauseMs 5: expected a number from 0 to/],
    ['an unknown way', TARGET, { transport: 'warp' as never }, /^transport warp: expected one of auto/],
    ['a family that is none', TARGET, { family: 5 as never }, /^family 5: expected 4 or 6$/],
    ['a source that is none', TARGET, { source: null as never }, /^source null: expected a name/],
    ['a probe that is a number', TARGET, { probe: 89 as never }, /^probe 89: expected a specification/],
    ['an address of another family', TARGET, { family: 6 }, /use -4|IPv4/],
    ['a length without room for headers', TARGET, { length: 20 }, /^packet length must be > 27$/],
    [
      'a length that the probe cannot have',
      TARGET,
      { probe: 'sctp', length: 41 },
      /^packet length must be a multiple of 4$/,
    ],
  ];
  for (const [what, host, options, message] of bad) {
    it(`throws a UsageError for ${what}`, async () => {
      const world = worldOf();
      await assert.rejects(all(world, trace(host, { ...options, world })), (error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

describe('traceAll of the library', () => {
  it('tells of each host apart, and why one was refused', async () => {
    const world = worldOf();
    const hosts = [TARGET, 'nowhere.example', TARGET];
    const events = await all(world, traceAll(hosts, { probe: 'tcp/443', attempts: 1, world }));
    const ends = events.flatMap(({ index, event }) => (event.type === 'end' ? [[index, event.reason]] : []));
    assert.deepEqual(ends, [
      [0, 'reached'],
      [2, 'reached'],
    ]);
    const refused = events.filter(({ event }) => event.type === 'refused');
    assert.deepEqual(
      refused.map(({ host, index }) => [host, index]),
      [['nowhere.example', 1]],
    );
  });

  it('tells nothing of no hosts', async () => {
    const world = worldOf();
    assert.deepEqual(await all(world, traceAll([], { world })), []);
  });

  it('refuses more hosts than can be told apart', async () => {
    const world = worldOf();
    const hosts = Array.from({ length: 2000 }, () => TARGET);
    await assert.rejects(all(world, traceAll(hosts, { probe: 'icmp', world })), /2000 traces at once/);
  });
});

describe('matrix of the library', () => {
  it('tells a verdict on each column, then all facts', async () => {
    const world = worldOf();
    const events = await all(world, matrix(TARGET, { probes: ['icmp', 'tcp/443', 'tcp/22'], world }));
    const verdicts = events.flatMap((event) => (event.type === 'verdict' ? [event.verdict] : []));
    assert.deepEqual(
      verdicts.map(({ column, state }) => [column.name, state]),
      [
        ['icmp', 'reached'],
        ['tcp/443', 'open'],
        ['tcp/22', 'closed'],
      ],
    );
    const end = events.at(-1) as MatrixEvent & { type: 'end' }; // the last one is
    assert.equal(end.type, 'end');
    assert.equal(end.isInterrupted, false);
    assert.deepEqual(end.verdicts, verdicts);
  });

  it('judges what it knows when the signal comes', async () => {
    const world = worldOf();
    const controller = new AbortController();
    world.clock.schedule(5, () => {
      controller.abort();
    });
    const events = await all(world, matrix(TARGET, { probes: ['icmp'], signal: controller.signal, world }));
    const end = events.at(-1) as MatrixEvent & { type: 'end' }; // the last one is
    assert.equal(end.isInterrupted, true);
    assert.equal(end.verdicts[0]?.state, 'unknown');
  });

  it('closes its sockets when the loop is left', async () => {
    const world = worldOf();
    const read = async () => {
      for await (const event of matrix(TARGET, { probes: ['icmp', 'gre'], world })) {
        if (event.type === 'reply') break;
      }
    };
    await world.clock.run(read());
    assert.throws(() => world.transport?.receive(), /closed/);
  });

  for (const [what, probes, message] of [
    ['no probe', [], /a probe is missing|needs one/],
    ['the same probe twice', ['icmp', 'icmp'], /icmp stands there twice/],
  ] as const) {
    it(`throws a UsageError for ${what}`, async () => {
      const world = worldOf();
      await assert.rejects(all(world, matrix(TARGET, { probes, world })), (error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.match(error.message, message);
        return true;
      });
    });
  }
});
