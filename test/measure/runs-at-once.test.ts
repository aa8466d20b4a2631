/** Runs at once in one process: none takes the other's replies. src/measure/idents.ts, src/measure/admission.ts */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matrix, trace, traceAll, type TraceEvent } from '../../src/index.ts';
import { SimWorld } from '../sim/sim-world.ts';

const [NEAR, FAR] = ['198.51.100.7', '198.51.100.8'];
const PATH = {
  src: '192.0.2.2',
  src6: '2001:db8::2',
  hops: [
    { addr: '192.0.2.1', addr6: '2001:db8::1', delay: 1 },
    { addr: '203.0.113.1', addr6: '2001:db8:1::1', delay: 4 },
    { addr: '203.0.113.2', addr6: '2001:db8:2::1', delay: 6 },
  ],
  dst: { addr: NEAR, addr6: '2001:db8:99::7', delay: 9, any: true, tcp_default: 'open' },
} as const;

/** A machine whose every draw is the same: only what is noted of other runs keeps two of them apart. */
function worldOf(): SimWorld {
  return new SimWorld(PATH, { random: () => 0 });
}

async function read<Event>(events: AsyncIterable<Event>): Promise<Event[]> {
  const seen: Event[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

/** A trace in one line a probe: what would be wrong if another run's reply had been taken. */
function told(events: readonly { readonly type: string }[]): string[] {
  const known = events as readonly TraceEvent[]; // no labels are asked for
  return known.flatMap((event) => {
    if (event.type === 'ignored') return [`ignored ${event.why}`];
    if (event.type !== 'outcome') return [];
    const { outcome } = event;
    const reply =
      outcome.status === 'replied' ? `${outcome.reply.responder} ${outcome.rttMs}` : outcome.status;
    return [`${outcome.probe.ttl} ${reply}`];
  });
}

const PROBES = ['icmp', 'gre', 'udp', 'udp/53', 'tcp/443', 'sctp', 'sctp/5000', 'udplite', 'udplite/7', '89'];

describe('traces at once in one process', () => {
  for (const probe of PROBES) {
    for (const [what, other] of [
      ['the same host', NEAR],
      ['another host', FAR],
    ] as const) {
      it(`tell the same of ${probe} to ${what} as each does alone`, async () => {
        const alone = worldOf();
        const options = { probe, attempts: 2, waitSeconds: 1 };
        const expected = told(await alone.clock.run(read(trace(NEAR, { ...options, world: alone }))));
        const world = worldOf();
        const both = Promise.all([
          read(trace(NEAR, { ...options, world })),
          read(trace(other, { ...options, world })),
        ]);
        const [first, second] = await world.clock.run(both);
        assert.deepEqual(told(first), expected);
        assert.deepEqual(
          told(second),
          expected.map((line) => line.replace(NEAR, other)),
        );
      });
    }
  }

  it('keep their replies apart over IPv6, where quotes have no identification', async () => {
    const world = worldOf();
    const options = { probe: 'gre', attempts: 2, waitSeconds: 1, world };
    const hosts = ['2001:db8:99::7', '2001:db8:99::8'];
    const runs = await world.clock.run(Promise.all(hosts.map((host) => read(trace(host, options)))));
    const [first = [], second = []] = runs.map(told);
    assert.deepEqual(first.slice(0, 6), [
      '1 2001:db8::1 1',
      '1 2001:db8::1 1',
      '2 2001:db8:1::1 4',
      '2 2001:db8:1::1 4',
      '3 2001:db8:2::1 6',
      '3 2001:db8:2::1 6',
    ]);
    assert.deepEqual(second.slice(0, 6), first.slice(0, 6));
  });

  it('and a matrix do not disturb each other', async () => {
    const world = worldOf();
    const both = Promise.all([
      read(matrix(NEAR, { probes: ['icmp', 'gre', 'tcp/443', 'udp/53'], world })),
      read(matrix(NEAR, { probes: ['icmp', 'gre', 'tcp/443', 'udp/53'], world })),
      read(traceAll([NEAR, FAR], { probe: 'gre', attempts: 2, waitSeconds: 1, world })),
    ]);
    const [one, two] = await world.clock.run(both);
    const verdicts = (events: typeof one): string[] =>
      events.flatMap((event) =>
        event.type === 'verdict' ? [`${event.verdict.column.name} ${event.verdict.state}`] : [],
      );
    assert.deepEqual(verdicts(one), verdicts(two));
    assert.equal(verdicts(one)[2], 'tcp/443 open');
  });

  it('wait for each other where there is no room for more, and all end', async () => {
    const world = worldOf();
    // each may send 128 times 128 probes twice, and each has to have a number of its own
    const options = { probe: 'gre', maxTtl: 128, attempts: 60, world };
    const runs = Array.from({ length: 4 }, () => read(trace(NEAR, { ...options, attempts: 60 })));
    const ended = await world.clock.run(Promise.all(runs));
    for (const events of ended) assert.equal(events.at(-1)?.type, 'end');
  });
});
