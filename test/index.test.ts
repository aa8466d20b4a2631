/** The library: what its functions tell, throw and leave behind. src/index.ts */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  matrix,
  ResolveError,
  trace,
  traceAll,
  UsageError,
  type LabelEventOf,
  type MatrixEvent,
  type TraceEvent,
  type TraceEventOf,
  type TraceOptions,
} from '../src/index.ts';
import type { Resolver } from '../src/ports/resolver.ts';
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

/** A resolver that never answers. */
function silentResolver(): Resolver {
  const never = <Answer>(): Promise<Answer> => new Promise<Answer>(() => undefined);
  return { resolve: never, nameOf: never, originOf: never, localDomain: never, close: () => undefined };
}

/** Counts who listens. */
class CountingSignal {
  readonly aborted = false;
  listeners = 0;
  addEventListener(): void {
    this.listeners++;
  }
  removeEventListener(): void {
    this.listeners--;
  }
}

type Of = TraceEventOf | LabelEventOf;

function ends(events: readonly Of[]): [number, string][] {
  return events.flatMap(({ index, event }) => (event.type === 'end' ? [[index, event.reason]] : []));
}

function refusals(events: readonly Of[]): [number, string][] {
  return events.flatMap(({ index, event }) =>
    event.type === 'refused' ? [[index, event.error.message]] : [],
  );
}

/** The most hosts that had begun and not ended. */
function mostUnderWay(events: readonly Of[]): number {
  let [underWay, most] = [0, 0];
  for (const { event } of events) {
    if (event.type === 'start') most = Math.max(most, ++underWay);
    if (event.type === 'end') underWay--;
  }
  return most;
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

  it('throws the reason of a signal that has come before, and opens nothing', async () => {
    const world = worldOf();
    const reason = new Error('not now');
    for (const [signal, expected] of [
      [AbortSignal.abort(), { name: 'AbortError' }],
      [AbortSignal.abort(reason), reason],
    ] as const) {
      await assert.rejects(all(world, trace(TARGET, { signal, world })), expected);
      await assert.rejects(all(world, traceAll([TARGET], { signal, names: true, world })), expected);
      await assert.rejects(all(world, matrix(TARGET, { probes: ['icmp'], signal, world })), expected);
    }
    assert.equal(world.transport, undefined);
  });

  it('throws the reason of a signal that comes while the host is looked up, at once and with all closed', async () => {
    for (const start of [
      (options: TraceOptions) => trace('slow.example', options),
      (options: TraceOptions) => traceAll([TARGET, 'slow.example'], options),
      (options: TraceOptions) => matrix('slow.example', { ...options, probes: ['icmp', 'gre'] }),
    ]) {
      const world = worldOf({ resolver: silentResolver() });
      const controller = new AbortController();
      world.clock.schedule(3, () => {
        controller.abort();
      });
      await assert.rejects(all<unknown>(world, start({ signal: controller.signal, world })), {
        name: 'AbortError',
      });
      assert.equal(world.clock.nowMs(), 3);
      assert.equal(world.transport?.isClosed, true);
      assert.equal(world.transport.sent.length, 0);
    }
  });

  it('waits for no more names once the signal comes', async () => {
    const world = worldOf({ resolver: silentResolver() });
    const controller = new AbortController();
    world.clock.schedule(50, () => {
      controller.abort();
    });
    const options = { probe: 'icmp', names: true, signal: controller.signal, world };
    const events = await all(world, trace(TARGET, options));
    assert.equal(ofType(events, 'end')[0]?.reason, 'reached');
    assert.equal(world.clock.nowMs(), 50);
  });

  it('leaves no listener on a signal that serves for many traces', async () => {
    const world = worldOf();
    const signal = new CountingSignal();
    for (const names of [true, false]) await all(world, trace(TARGET, { names, signal, world }));
    await all(world, matrix(TARGET, { probes: ['icmp'], signal, world }));
    assert.equal(signal.listeners, 0);
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

  it('ends after as many silent hops as its gap allows', async () => {
    const hops = [
      { addr: '192.0.2.1', delay: 1 },
      { addr: '203.0.113.1', drop: 'icmp' },
    ] as const;
    const world = new SimWorld({ ...PATH, hops });
    const options = { probe: 'icmp', attempts: 1, gap: 3, waitSeconds: 1, world };
    const events = await all(world, trace(TARGET, options));
    assert.equal(ofType(events, 'end')[0]?.reason, 'gap');
    const answered = ofType(events, 'outcome').findLast(({ outcome }) => outcome.status === 'replied');
    assert.equal(ofType(events, 'hop').at(-1)?.ttl, (answered?.outcome.probe.ttl ?? 0) + 3);
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
    ['an address of another family', TARGET, { family: 6 }, /this is an IPv4 address, and family is 6/],
    ['a source of another family', TARGET, { source: '2001:db8::2' }, /^source 2001:db8::2: this is an IPv6/],
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

describe('a message of the library', () => {
  const NAMES = { 'six.example/AAAA': ['2001:db8:99::7'], 'four.example/A': [TARGET] };
  const path = { ...PATH, src6: '2001:db8::2', dns: { addr: '192.0.2.53', names: NAMES } };
  const six = '2001:db8:99::7';
  const run = (host: string, options: TraceOptions) => (world: SimWorld) =>
    trace(host, { ...options, world });
  const bad: readonly (readonly [string, (world: SimWorld) => AsyncIterable<unknown>, string])[] = [
    ['a name of the other family', run('six.example', { family: 4 }), '(use family: 6)'],
    ['a name of the other family', run('four.example', { family: 6 }), '(use family: 4)'],
    ['a link-local host', run('fe80::1', {}), 'or the option interface)'],
    ['an unknown interface', run(TARGET, { interface: 'eth9' }), "Can't find interface eth9"],
    ['a source that is not ours', run(TARGET, { source: '10.9.9.9' }), 'bind: 10.9.9.9 is not an address'],
    [
      'an ICMPv6 number',
      run(six, { probe: '58' }),
      'probe 58: generic octets are no ICMPv6 message (use the',
    ],
    ['an extension header', run(six, { probe: '60' }), 'not a protocol; use family: 4'],
    [
      'an extension header in a matrix',
      (world) => matrix(six, { probes: ['icmp', '60'], world }),
      'probes 60: in IPv6 this is an extension header',
    ],
  ];
  for (const [what, start, message] of bad) {
    it(`names its own options and not the commands': ${what}, ${message}`, async () => {
      const world = new SimWorld(path);
      await assert.rejects(all(world, start(world)), (error) => {
        assert.ok(error instanceof UsageError || error instanceof ResolveError, String(error));
        assert.ok(error.message.includes(message), error.message);
        assert.doesNotMatch(error.message, /(^|[ (])--?[a-z0-9]/i);
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

  for (const probe of ['icmp', 'gre', 'udp']) {
    it(`traces to any number of hosts with ${probe}, a hundred at once at most`, async () => {
      const world = worldOf();
      const hosts = Array.from({ length: 130 }, () => TARGET);
      const options = { probe, attempts: 1, maxTtl: 3, waitSeconds: 0.1, world };
      const events = await all(world, traceAll(hosts, options));
      assert.deepEqual(new Set(ends(events).map(([index]) => index)).size, 130);
      assert.equal(mostUnderWay(events), 100);
    });
  }

  it('counts the probes in flight for all hosts together where it is told how many', async () => {
    for (const parallel of [1, 7, 64]) {
      const world = worldOf();
      const hosts = Array.from({ length: 20 }, () => TARGET);
      const events = await all(world, traceAll(hosts, { probe: 'icmp', attempts: 1, parallel, world }));
      assert.equal(ends(events).length, 20);
      let [inFlight, most] = [0, 0];
      for (const { event } of events) {
        if (event.type === 'sent') most = Math.max(most, ++inFlight);
        if (event.type === 'outcome') inFlight--;
      }
      assert.ok(most <= parallel, `${most} in flight`);
    }
  });

  it('refuses a host of another family than the options have, and that host alone', async () => {
    const world = worldOf();
    const hosts = ['2001:db8::7', TARGET, '', 7 as never];
    const events = await all(world, traceAll(hosts, { family: 4, probe: 'icmp', attempts: 1, world }));
    assert.deepEqual(refusals(events), [
      [0, '2001:db8::7: this is an IPv6 address, and family is 4 (leave it out, or trace apart)'],
      [2, 'host: expected a name or an address'],
      [3, 'host: expected a name or an address'],
    ]);
    assert.deepEqual(ends(events), [[1, 'reached']]);
  });

  it('refuses a host without a route, and that host alone', async () => {
    const world = worldOf();
    const events = await all(world, traceAll(['2001:db8::7', TARGET], { probe: 'icmp', attempts: 1, world }));
    assert.deepEqual(refusals(events), [
      [
        0,
        'no route to 2001:db8::7: Network is unreachable (see "ip route", or choose the option source or the option interface)',
      ],
    ]);
    assert.deepEqual(ends(events), [[1, 'reached']]);
  });

  it('has one last event for each host when the signal comes, and tells nothing of a host after it', async () => {
    const world = worldOf();
    const controller = new AbortController();
    world.clock.schedule(5, () => {
      controller.abort();
    });
    const hosts = Array.from({ length: 150 }, () => TARGET);
    const events = await all(world, traceAll(hosts, { probe: 'icmp', signal: controller.signal, world }));
    const ended = new Set<number>();
    for (const { index, event } of events) {
      assert.ok(!ended.has(index), `${event.type} after the end of ${index}`);
      if (event.type === 'end') ended.add(index);
    }
    assert.equal(ended.size, 150);
  });

  it('closes its sockets when the loop is left, though a name is still looked up', async () => {
    const world = worldOf({ resolver: silentResolver() });
    const seen: string[] = [];
    const read = async () => {
      const options = { probe: 'icmp', attempts: 1, names: true, world };
      for await (const { event } of traceAll([TARGET], options)) {
        seen.push(event.type);
        if (event.type === 'hop' && event.ttl === 3) break;
      }
    };
    await world.clock.run(read());
    assert.equal(seen.at(-1), 'hop');
    assert.equal(world.transport?.isClosed, true);
  });

  it('throws a UsageError for hosts that are no list', async () => {
    const world = worldOf();
    await assert.rejects(
      all(world, traceAll(TARGET as never, { world })),
      /^UsageError: hosts .*: expected a list/,
    );
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
