import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { icmpEcho } from '../../probes/icmp-echo.ts';
import { probeTypes } from '../../probes/index.ts';
import { tcp } from '../../probes/tcp.ts';
import { udp } from '../../probes/udp.ts';
import type { ForeignDatagram } from '../../src/engine/classify.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Transport } from '../../src/ports/transport.ts';
import type { Trace } from '../../src/engine/trace.ts';
import { Tracer, type TraceListener } from '../../src/engine/tracer.ts';
import { TransportError } from '../../src/model/errors.ts';
import type { Outcome, StopReason } from '../../src/model/outcome.ts';
import type { Probe } from '../../src/model/probe.ts';
import type { Reply } from '../../src/model/reply.ts';
import {
  corrupt,
  drop,
  duplicate,
  inject,
  reorder,
  withFault,
  withRefusals,
  type Fault,
} from '../sim/faults.ts';
import type { HopFormat, PathFormat } from '../sim/path-format.ts';
import { seededRandom } from '../sim/random.ts';
import { SimTransport } from '../sim/sim-transport.ts';
import { VirtualClock } from '../sim/virtual-clock.ts';
import { ADAPTIVE, planOf } from './drive-scheduler.ts';
import { errorAbout, sendProbes, SOURCE, TARGET, traceOf, type TraceChanges } from './make-trace.ts';
import { timeExceeded } from '../sim/icmp-error.ts';

const HOPS = [1, 2, 3, 4, 5].map((hop): HopFormat => ({
  addr: `10.${hop}.0.1`,
  addr6: `fd0${hop}::1`,
  delay: hop * 10,
}));
const PATH: PathFormat = {
  src: SOURCE[4],
  src6: SOURCE[6],
  hops: HOPS,
  dst: { addr: TARGET[4], addr6: TARGET[6], delay: 60, tcp_default: 'open', proto_default: 'unreach' },
};
const PROTOCOLS = [6, 17, 132];

/** The events of one trace that a listener was told. */
interface Told {
  readonly outcomes: Outcome[];
  readonly reasons: StopReason[];
  replies: number;
}

class Listener implements TraceListener {
  readonly told = new Map<Trace, Told>();
  readonly foreign: ForeignDatagram[] = [];
  /** The RTT of each accepted reply. */
  readonly rttsMs = new Map<Probe, number>();
  readonly ignored: { ttl: number; why: string; rttMs: number | undefined }[] = [];

  of(trace: Trace): Told {
    const told = this.told.get(trace) ?? { outcomes: [], reasons: [], replies: 0 };
    this.told.set(trace, told);
    return told;
  }
  onReply(trace: Trace, probe: Probe, _reply: Reply, rttMs: number): void {
    this.of(trace).replies++;
    this.rttsMs.set(probe, rttMs);
  }
  onIgnored(_trace: Trace, { ttl }: Probe, _reply: Reply, why: string, rttMs: number | undefined): void {
    this.ignored.push({ ttl, why, rttMs });
  }
  onOutcome(trace: Trace, outcome: Outcome): void {
    this.of(trace).outcomes.push(outcome);
  }
  onStop(trace: Trace, reason: StopReason): void {
    this.of(trace).reasons.push(reason);
  }
  onForeign(foreign: ForeignDatagram): void {
    this.foreign.push(foreign);
  }
}

interface Setting {
  readonly path?: PathFormat;
  /** Around the simulated transport. */
  readonly wrap?: (sim: Transport, clock: Clock) => Transport;
  readonly listener?: Listener;
}

function setUp(traces: readonly Trace[], { path = PATH, wrap, listener = new Listener() }: Setting = {}) {
  const clock = new VirtualClock();
  const sim = new SimTransport({ path, clock, protocols: PROTOCOLS });
  const tracer = new Tracer(traces, wrap ? wrap(sim, clock) : sim, clock, listener);
  return { clock, sim, tracer, listener };
}

async function run(traces: readonly Trace[], setting: Setting = {}) {
  const { clock, sim, tracer, listener } = setUp(traces, setting);
  await clock.run(tracer.run());
  return { sim, listener, counts: tracer.counts, endMs: clock.nowMs() };
}

const faulty = (fault: Fault) => (sim: Transport, clock: Clock) => withFault(sim, clock, fault);
const NOTHING = { foreign: 0, malformed: 0, late: 0, duplicate: 0 };

/** The responders that the transcript's lines would have. */
function respondersOf({ outcomes }: Told): (string | undefined)[] {
  return outcomes.map((outcome) => (outcome.status === 'replied' ? outcome.reply.responder : undefined));
}

function expectedResponders(family: 4 | 6, target: string, attempts = 3): (string | undefined)[] {
  const hops = HOPS.map(({ addr, addr6 }) => String(family === 4 ? addr : addr6));
  return [...hops, target].flatMap((address) => new Array<string>(attempts).fill(address));
}

describe('one trace', () => {
  for (const family of [4, 6] as const) {
    for (const type of probeTypes) {
      it(`tells its path: ${type.name} over IPv${family}`, async () => {
        const trace = traceOf(type, family);
        const { listener, counts, endMs } = await run([trace]);
        const told = listener.of(trace);
        assert.deepEqual(respondersOf(told), expectedResponders(family, TARGET[family]));
        assert.deepEqual(told.reasons, ['reached']);
        assert.equal(told.replies, 18);
        assert.deepEqual(counts, NOTHING);
        assert.equal(endMs, 60);
        told.outcomes.forEach((outcome) => {
          assert.ok(outcome.status === 'replied' && outcome.rttMs === Math.min(outcome.probe.ttl, 6) * 10);
        });
      });
    }
  }

  it('tells the RTT of each reply, as its outcome does', async () => {
    const trace = traceOf(udp, 4);
    const { listener } = await run([trace]);
    const { outcomes } = listener.of(trace);
    assert.equal(outcomes.length, 18);
    for (const outcome of outcomes) {
      assert.equal(outcome.status === 'replied' && outcome.rttMs, listener.rttsMs.get(outcome.probe));
    }
  });

  it('tells the RTT of a reply that comes twice', async () => {
    const trace = traceOf(udp, 4, { schedule: planOf({ maxTtl: 3, attempts: 1 }) });
    const { listener } = await run([trace], { wrap: faulty(duplicate(5)) });
    // that of the last hop comes after the end
    assert.deepEqual(listener.ignored, [
      { ttl: 1, why: 'duplicate', rttMs: 15 },
      { ttl: 2, why: 'duplicate', rttMs: 25 },
    ]);
  });

  it('counts what comes too late', async () => {
    const slow = HOPS.map((hop, index) => (index === 1 ? { ...hop, delay: 1500 } : hop));
    const trace = traceOf(udp, 4, { schedule: planOf({ parallel: 1, attempts: 1 }) });
    const { listener, counts } = await run([trace], {
      path: { ...PATH, hops: slow, dst: { ...PATH.dst, delay: 900 } },
    });
    assert.equal(listener.of(trace).outcomes[1]?.status, 'timed-out');
    assert.deepEqual(counts, { ...NOTHING, late: 1 });
  });

  it('counts what comes twice, and tells it once', async () => {
    const trace = traceOf(udp, 4, { schedule: planOf({ maxTtl: 5 }) });
    const { listener, counts } = await run([trace], { wrap: faulty(duplicate(1)) });
    assert.deepEqual(respondersOf(listener.of(trace)), expectedResponders(4, '').slice(0, 15));
    // those of the last hop come after the end
    assert.deepEqual(counts, { ...NOTHING, duplicate: 12 });
    assert.equal(listener.of(trace).replies, 15);
  });

  it('leaves what is not its own alone, and tells it', async () => {
    const stranger = traceOf(udp, 4, { flow: { ident: 0x4321 } });
    const [probe] = sendProbes(stranger);
    assert.ok(probe);
    const foreign = errorAbout(probe, timeExceeded(4));
    const cut = { ...foreign, octets: foreign.octets.slice(0, 30) };
    const trace = traceOf(udp, 4, { schedule: planOf({ maxTtl: 3, attempts: 1 }) });
    const { listener, counts } = await run([trace], { wrap: faulty(inject([foreign, cut])) });
    assert.deepEqual(respondersOf(listener.of(trace)), ['10.1.0.1', '10.2.0.1', '10.3.0.1']);
    // those of the last hop come after the end
    assert.deepEqual(counts, { ...NOTHING, foreign: 2, malformed: 2 });
    assert.deepEqual(
      listener.foreign.map(({ reason }) => reason),
      ['not ours', 'malformed', 'not ours', 'malformed'],
    );
  });

  it('ends though every datagram is spoilt', async () => {
    const trace = traceOf(tcp, 4);
    const { listener, counts } = await run([trace], { wrap: faulty(corrupt(seededRandom(3))) });
    const told = listener.of(trace);
    assert.equal(told.reasons.length, 1);
    assert.ok(told.outcomes.length >= 18);
    assert.ok(counts.malformed + counts.foreign > 0);
  });

  it('is paced', async () => {
    const trace = traceOf(icmpEcho, 4, { schedule: planOf({ pauseMs: 25, attempts: 1 }) });
    const { sim } = await run([trace]);
    sim.sent.forEach(({ atMs }, index) => {
      assert.equal(atMs, index * 25);
    });
  });
});

describe('fifty traces over one transport', () => {
  const families = [4, 6] as const;
  /** Fifty traces of every type and family, to five targets a family, with idents that lie apart. */
  function many(changes: TraceChanges = {}): Trace[] {
    return Array.from({ length: 50 }, (_, index) => {
      const type = probeTypes[index % probeTypes.length] ?? udp;
      const family = families[index % 2] ?? 4;
      const target = family === 4 ? `198.51.100.${1 + (index % 5)}` : `2001:db8:99::${1 + (index % 5)}`;
      return traceOf(type, family, { target, flow: { ident: 10_000 + index * 700 }, ...changes });
    });
  }

  it('tell each its own path, whatever the order in which replies come', async () => {
    const traces = many({ schedule: planOf({ wait: { ...ADAPTIVE, hereFactor: 0, nearFactor: 0 } }) });
    const random = seededRandom(11);
    const { listener, counts } = await run(traces, { wrap: faulty(reorder(random, 400)) });
    for (const trace of traces) {
      const told = listener.of(trace);
      assert.deepEqual(respondersOf(told), expectedResponders(trace.family, trace.spec.target));
      assert.deepEqual(told.reasons, ['reached']);
      told.outcomes.forEach(({ probe }, index) => {
        assert.equal(probe.sequence, index + 1);
      });
    }
    assert.deepEqual(counts, { ...NOTHING, late: counts.late });
  });

  it('end each, though half of the replies are lost', async () => {
    const traces = many({ schedule: planOf({ maxTtl: 8, wait: ADAPTIVE, overlapWaits: true }) });
    const { listener } = await run(traces, { wrap: faulty(drop(seededRandom(7), 0.5)) });
    for (const trace of traces) {
      const { reasons, outcomes } = listener.of(trace);
      assert.equal(reasons.length, 1);
      assert.equal(outcomes.length % 3, 0);
      for (const responder of respondersOf({ outcomes, reasons, replies: 0 })) {
        assert.ok(
          responder === undefined || expectedResponders(trace.family, trace.spec.target).includes(responder),
        );
      }
    }
  });

  it('take turns in sending', async () => {
    const traces = [TARGET[4], '198.51.100.10'].map((target) => traceOf(udp, 4, { target }));
    const { sim } = await run(traces);
    assert.deepEqual(
      sim.probes.slice(0, 4).map(({ ttl }) => ttl),
      [1, 1, 1, 1],
    );
    const [first, second] = sim.sent;
    assert.notDeepEqual(first?.octets.slice(16, 20), second?.octets.slice(16, 20));
  });

  it('are none: the run ends at once', async () => {
    const { endMs, counts } = await run([]);
    assert.equal(endMs, 0);
    assert.deepEqual(counts, NOTHING);
  });
});

describe('a trace that joins a run', () => {
  const [first, later] = ['198.51.100.1', '198.51.100.2'].map((target, index) => ({
    target,
    flow: { ident: 10_000 + index * 700 },
  })) as [TraceChanges, TraceChanges]; // two in, two out

  it('tells its path, whether others are under way or have ended', async () => {
    for (const atMs of [15, 500]) {
      const traces = [traceOf(icmpEcho, 4, first), traceOf(icmpEcho, 4, later)] as const;
      const { clock, tracer, listener } = setUp([traces[0]]);
      const joined = new Promise<void>((resolve) => {
        clock.schedule(atMs, () => {
          tracer.add(traces[1]);
          resolve();
        });
      });
      await clock.run(Promise.all([joined, tracer.run()]));
      if (atMs === 500) await clock.run(tracer.run());
      for (const trace of traces) {
        assert.deepEqual(respondersOf(listener.of(trace)), expectedResponders(4, trace.spec.target));
        assert.deepEqual(listener.of(trace).reasons, ['reached']);
      }
    }
  });

  it('and is forgotten after its end hears nothing more, while the others do', async () => {
    const traces = [traceOf(icmpEcho, 4, first), traceOf(icmpEcho, 4, later)] as const;
    const { clock, sim, tracer, listener } = setUp(traces);
    const [probe] = sendProbes(traceOf(icmpEcho, 4, first), 1);
    assert.ok(probe);
    clock.schedule(15, () => {
      tracer.forget(traces[1]); // it is not over: nothing happens
      tracer.stop(traces[0]);
      tracer.forget(traces[0]);
      sim.deliver(errorAbout(probe, timeExceeded(4)).octets);
    });
    await clock.run(tracer.run());
    assert.deepEqual(respondersOf(listener.of(traces[1])), expectedResponders(4, traces[1].spec.target));
    assert.ok(tracer.counts.foreign > 0);
    assert.deepEqual(listener.ignored, []);
  });
});

describe('a transport', () => {
  it('that is busy is asked again, and the probe is the same', async () => {
    const trace = traceOf(udp, 4, { schedule: planOf({ attempts: 1 }) });
    const refusing = (sim: Transport) =>
      withRefusals(sim, (_datagram, count) => (count % 3 === 2 ? undefined : { status: 'busy' }));
    const { listener, sim } = await run([trace], { wrap: refusing });
    assert.deepEqual(respondersOf(listener.of(trace)), expectedResponders(4, TARGET[4], 1));
    assert.deepEqual(
      sim.sent.slice(0, 3).map(({ atMs }) => atMs),
      [2, 4, 6],
    );
    assert.deepEqual(
      sim.probes.slice(0, 3).map(({ ttl }) => ttl),
      [1, 2, 3],
    );
  });

  it('that refuses a probe makes it an outcome, and the run goes on', async () => {
    const error = new TransportError('EHOSTUNREACH', 'No route to host');
    const trace = traceOf(udp, 4, { schedule: planOf({ attempts: 1 }) });
    const refusing = (sim: Transport) =>
      withRefusals(sim, ({ ttl }) => (ttl === 2 ? { status: 'failed', error } : undefined));
    const { listener, counts } = await run([trace], { wrap: refusing });
    const { outcomes, reasons } = listener.of(trace);
    assert.deepEqual(outcomes[1], {
      status: 'send-failed',
      probe: { ttl: 2, attempt: 0, sequence: 2 },
      error,
    });
    assert.deepEqual(reasons, ['reached']);
    assert.deepEqual(counts, NOTHING);
  });

  for (const [what, when] of [
    ['sending', 'send'],
    ['receiving', 'receive'],
  ] as const) {
    it(`that fails for good in ${what} rejects the run`, async () => {
      const broken = new TransportError('ENETDOWN', 'Network is down');
      const breaking = (sim: Transport): Transport => ({
        name: sim.name,
        send: (datagram) => {
          if (when === 'send' && datagram.ttl === 3) throw broken;
          return sim.send(datagram);
        },
        receive: () => {
          const received = sim.receive();
          if (when === 'receive' && received.length > 0) throw broken;
          return received;
        },
        onReadable: (callback) => {
          sim.onReadable(callback);
        },
        close: () => {
          sim.close();
        },
      });
      await assert.rejects(run([traceOf(udp, 4)], { wrap: breaking }), broken);
    });
  }

  it('is not closed by the tracer, which has not opened it', async () => {
    const { sim } = await run([traceOf(udp, 4)]);
    assert.equal(sim.isClosed, false);
  });
});

describe('an interrupted run', () => {
  const patient = { schedule: planOf({ attempts: 1, parallel: 2 }) };

  it('tells what it has, and ends at once', async () => {
    const trace = traceOf(udp, 4, patient);
    const { clock, tracer, listener, sim } = setUp([trace]);
    clock.schedule(35, () => {
      tracer.interrupt();
    });
    await clock.run(tracer.run());
    assert.equal(clock.nowMs(), 35);
    const { outcomes, reasons } = listener.of(trace);
    assert.deepEqual(reasons, ['interrupted']);
    assert.deepEqual(
      outcomes.map(({ probe }) => probe.ttl),
      [1, 2],
    );
    const [probe] = sendProbes(traceOf(udp, 4));
    assert.ok(probe);
    const sent = sim.sent.length;
    sim.deliver(errorAbout(probe, timeExceeded(4)).octets);
    assert.equal(sim.sent.length, sent);
    assert.equal(listener.of(trace).replies, 2);
  });

  it('may be interrupted by its listener: nothing more is sent or told', async () => {
    const traces = [TARGET[4], '198.51.100.10'].map((target) => traceOf(udp, 4, { ...patient, target }));
    const listener = new (class extends Listener {
      override onOutcome(trace: Trace, outcome: Outcome): void {
        super.onOutcome(trace, outcome);
        tracer.interrupt();
      }
    })();
    const { clock, tracer, sim } = setUp(traces, { listener });
    await clock.run(tracer.run());
    assert.equal(clock.nowMs(), 10);
    assert.equal(sim.sent.length, 4);
    for (const trace of traces) assert.deepEqual(listener.of(trace).reasons, ['interrupted']);
  });

  it('may be interrupted before it begins', async () => {
    const trace = traceOf(udp, 4);
    const { clock, tracer, listener, sim } = setUp([trace]);
    tracer.interrupt();
    await clock.run(tracer.run());
    assert.deepEqual(listener.of(trace).reasons, ['interrupted']);
    assert.equal(sim.sent.length, 0);
  });

  it('may be interrupted after its end, when its transport is closed', async () => {
    const trace = traceOf(udp, 4);
    let isClosed = false;
    const closing = (sim: Transport): Transport => ({
      ...withRefusals(sim, () => undefined),
      onReadable: (callback) => {
        assert.equal(isClosed, false);
        sim.onReadable(callback);
      },
    });
    const { clock, tracer, listener } = setUp([trace], { wrap: closing });
    await clock.run(tracer.run());
    isClosed = true;
    tracer.interrupt();
    assert.deepEqual(listener.of(trace).reasons, ['reached']);
  });
});

describe('the loop', () => {
  /** The numbers of probes sent before each look at what has arrived. */
  async function sentBeforeLooks(traceCount: number, stampsArrivals: boolean): Promise<number[]> {
    const traces = Array.from({ length: traceCount }, (_, index) =>
      traceOf(udp, 4, {
        flow: { ident: 0x4000 + index * 0x100 },
        schedule: planOf({ parallel: 2, attempts: 2 }),
      }),
    );
    const looks: number[] = [];
    let sent = 0;
    const { tracer } = setUp(traces, {
      wrap: (sim) => ({
        name: 'simulated',
        stampsArrivals,
        send: (datagram) => {
          sent++;
          return sim.send(datagram);
        },
        receive: () => {
          looks.push(sent);
          sent = 0;
          return sim.receive();
        },
        onReadable: () => undefined,
        close: () => undefined,
      }),
    });
    const running = tracer.run();
    tracer.interrupt();
    await running;
    return looks;
  }

  it('looks after each probe where arrivals are stamped by looking', async () => {
    assert.deepEqual(await sentBeforeLooks(3, false), [1, 1, 1, 1, 1, 1]);
  });

  it('else looks when each trace has sent one, after three probes at least, and after 32', async () => {
    assert.deepEqual(await sentBeforeLooks(2, true), [3]);
    assert.deepEqual(await sentBeforeLooks(5, true), [5, 5]);
    assert.deepEqual(await sentBeforeLooks(64, true), [32, 32, 32, 32]);
  });

  it('lets timers and signals have their turn, however much there is to send', async () => {
    let nowMs = 0;
    let sent = 0;
    let timer = { atMs: Infinity, callback: (): void => undefined };
    const clock: Clock = {
      // every look at the clock takes a millisecond
      nowMs: () => (nowMs += 1),
      schedule: (atMs, callback) => {
        timer = { atMs, callback };
        return () => undefined;
      },
    };
    const silent: Transport = {
      name: 'simulated',
      send: () => {
        sent++;
        return { status: 'sent', atMs: nowMs };
      },
      receive: () => [],
      onReadable: () => undefined,
      close: () => undefined,
    };
    const trace = traceOf(udp, 4, { schedule: planOf({ parallel: 255 }) });
    const tracer = new Tracer([trace], silent, clock, new Listener());
    const running = tracer.run();
    for (let slice = 1; slice <= 3; slice++) {
      assert.ok(sent > slice && sent <= slice * 20, `${sent} probes were sent in ${slice} slices`);
      assert.ok(timer.atMs <= nowMs, 'the rest is to be sent at once');
      timer.callback();
    }
    tracer.interrupt();
    await running;
  });
});
