/** Covers stamps that cannot be: before the probe was sent, or beyond now. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { udp } from '../../probes/udp.ts';
import { Tracer } from '../../src/engine/tracer.ts';
import type { Reply } from '../../src/model/reply.ts';
import type { Transport } from '../../src/ports/transport.ts';
import { SimTransport } from '../sim/sim-transport.ts';
import { VirtualClock } from '../sim/virtual-clock.ts';
import { planOf } from './drive-scheduler.ts';
import { SOURCE, TARGET, traceOf } from './make-trace.ts';

const HOUR_MS = 3_600_000;
const DELAY_MS = 10;
const PATH = {
  src: SOURCE[4],
  hops: [{ addr: '10.1.0.1', delay: DELAY_MS }],
  dst: { addr: TARGET[4], delay: 30 },
};

/** The replies of a trace of one hop whose stamps are off by so much, with their times. */
async function trace(offByMs: number): Promise<{ rttMs: number; reply: Reply }[]> {
  const clock = new VirtualClock();
  const sim = new SimTransport({ path: PATH, clock, protocols: [17] });
  const transport: Transport = {
    name: sim.name,
    send: (datagram) => sim.send(datagram),
    receive: () =>
      sim.receive().map((datagram) => ({ ...datagram, atMs: datagram.atMs + offByMs, precision: 'kernel' })),
    onReadable: (callback) => {
      sim.onReadable(callback);
    },
    close: () => {
      sim.close();
    },
  };
  const replies: { rttMs: number; reply: Reply }[] = [];
  const traces = [traceOf(udp, 4, { schedule: planOf({ maxTtl: 1 }) })];
  const tracer = new Tracer(traces, transport, clock, {
    onOutcome: (_, outcome) => {
      if (outcome.status === 'replied') replies.push({ rttMs: outcome.rttMs, reply: outcome.reply });
    },
  });
  await clock.run(tracer.run());
  return replies;
}

describe('a reply whose stamp', () => {
  for (const [what, offByMs] of [
    ['lies an hour before its probe was sent', -HOUR_MS],
    ['lies at the moment at which its probe was sent', -DELAY_MS],
    ['lies an hour beyond now', HOUR_MS],
  ] as const) {
    it(`${what} has the time at which the program had it`, async () => {
      const replies = await trace(offByMs);
      assert.equal(replies.length, 3);
      for (const { rttMs, reply } of replies) {
        assert.equal(rttMs, DELAY_MS);
        assert.equal(reply.precision, 'user');
      }
    });
  }

  it('can be keeps it', async () => {
    for (const { rttMs, reply } of await trace(-1)) {
      assert.equal(rttMs, DELAY_MS - 1);
      assert.equal(reply.precision, 'kernel');
    }
  });
});
