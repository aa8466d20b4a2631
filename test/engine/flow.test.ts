/** Several traces in one flow, one ended from outside, and answers that name no probe. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { icmpEcho } from '../../probes/icmp-echo.ts';
import { tcp } from '../../probes/tcp.ts';
import { udp } from '../../probes/udp.ts';
import { classify } from '../../src/engine/classify.ts';
import { TraceIndex } from '../../src/engine/trace-index.ts';
import type { Trace } from '../../src/engine/trace.ts';
import { Tracer, type TraceListener } from '../../src/engine/tracer.ts';
import type { StopReason } from '../../src/model/outcome.ts';
import type { Reply } from '../../src/model/reply.ts';
import { timeExceeded } from '../sim/icmp-error.ts';
import type { PathFormat } from '../sim/path-format.ts';
import { SimTransport } from '../sim/sim-transport.ts';
import { VirtualClock } from '../sim/virtual-clock.ts';
import { planOf } from './drive-scheduler.ts';
import { errorAbout, sendProbes, SOURCE, TARGET, traceOf } from './make-trace.ts';

const PATH: PathFormat = {
  src: SOURCE[4],
  hops: [
    { addr: '10.1.0.1', delay: 10 },
    { addr: '10.2.0.1', silent: true },
  ],
  dst: { addr: TARGET[4], delay: 30, udp: { 7: 'echo' }, icmp: false },
};

async function run(
  traces: readonly Trace[],
  listen: (tracer: () => Tracer, clock: VirtualClock) => TraceListener,
) {
  const clock = new VirtualClock();
  const transport = new SimTransport({ path: PATH, clock, protocols: [17] });
  const tracer: Tracer = new Tracer(
    traces,
    transport,
    clock,
    listen(() => tracer, clock),
  );
  await clock.run(tracer.run());
  return { clock, tracer };
}

describe('a trace that goes on with the flow of another', () => {
  for (const type of [icmpEcho, tcp, udp]) {
    it(`knows its own replies, and not those of the first: ${type.name}`, () => {
      const flow = { paris: true, fixedPort: true, port: 4242 };
      const first = traceOf(type, 4, { flow });
      const second = traceOf(type, 4, { flow, sequenceOffset: 90 });
      const index = new TraceIndex([second]);
      for (const probe of sendProbes(first)) {
        assert.ok('foreign' in classify(errorAbout(probe, timeExceeded(4)), index));
      }
      for (const [at, probe] of sendProbes(second).entries()) {
        const found = classify(errorAbout(probe, timeExceeded(4)), index);
        assert.ok('probe' in found);
        assert.equal(found.probe.sequence, at + 1);
      }
    });
  }
});

describe('a trace that is ended from outside', () => {
  const schedule = planOf({ maxTtl: 5, attempts: 1 });

  it('tells that it was interrupted, once, and the others go on', async () => {
    const reasons: [string, StopReason][] = [];
    const replies: string[] = [];
    const names = new Map([
      [traceOf(icmpEcho, 4, { schedule, flow: { ident: 1000 } }), 'ended'],
      [traceOf(udp, 4, { schedule }), 'other'],
    ]);
    const [ended = assert.fail()] = names.keys();
    await run([...names.keys()], (tracer) => ({
      onReply: (trace) => {
        replies.push(names.get(trace) ?? '');
        tracer().stop(ended);
      },
      onOutcome: () => undefined,
      onStop: (trace, reason) => reasons.push([names.get(trace) ?? '', reason]),
    }));
    assert.deepEqual(reasons, [
      ['ended', 'interrupted'],
      ['other', 'reached'],
    ]);
    assert.ok(replies.includes('ended') && replies.filter((name) => name === 'other').length >= 2);
  });

  it('ends the run when it was the last', async () => {
    const trace = traceOf(icmpEcho, 4, { schedule });
    const { clock } = await run([trace], (tracer) => ({
      onReply: () => {
        tracer().stop(trace);
      },
      onOutcome: () => undefined,
    }));
    assert.equal(clock.nowMs(), 10);
  });
});

describe('an answer that names no probe', () => {
  it('is told for its trace, and is no outcome', async () => {
    const trace = traceOf(udp, 4, {
      schedule: planOf({ maxTtl: 4, attempts: 1, wait: { maxMs: 100, hereFactor: 0, nearFactor: 0 } }),
      payload: new Uint8Array(0),
      flow: { paris: true, fixedPort: true, port: 7 },
    });
    const anonymous: Reply[] = [];
    const replies: Reply[] = [];
    const { tracer } = await run([trace], () => ({
      onAnonymous: (of, reply) => {
        assert.equal(of, trace);
        anonymous.push(reply);
      },
      onReply: (_trace, _probe, reply) => replies.push(reply),
      onOutcome: () => undefined,
    }));
    assert.deepEqual(
      anonymous.map(({ responder, kind }) => [responder, kind.type]),
      [
        [TARGET[4], 'answer'],
        [TARGET[4], 'answer'],
      ],
    );
    assert.deepEqual(
      replies.map(({ responder }) => responder),
      ['10.1.0.1'],
    );
    assert.equal(tracer.counts.foreign, 2);
  });
});
