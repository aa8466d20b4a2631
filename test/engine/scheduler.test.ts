import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { sequenceCount, type SchedulePlan } from '../../src/engine/schedule-plan.ts';
import { Scheduler } from '../../src/engine/scheduler.ts';
import type { Probe } from '../../src/model/probe.ts';
import type { ReplyKind } from '../../src/model/reply.ts';
import { endOfTrace, reachOf } from '../../src/model/stop-rule.ts';
import {
  ACCEPTED,
  FAMILY,
  ADAPTIVE,
  ARRIVED,
  drive,
  pathOf,
  planOf,
  REFUSED,
  replyOf,
  summaryOf,
  TIME_EXCEEDED,
  type Fate,
  type ScheduleRun,
  type SentProbe,
} from './drive-scheduler.ts';

const plans: fc.Arbitrary<SchedulePlan> = fc
  .record(
    {
      firstTtl: fc.integer({ min: 1, max: 4 }),
      hops: fc.integer({ min: 1, max: 12 }),
      attempts: fc.integer({ min: 1, max: 4 }),
      maxMs: fc.constantFrom(1, 50, 1000, 5000),
      isExact: fc.boolean(),
      parallel: fc.constantFrom(1, 2, 5, 32),
      overlapWaits: fc.boolean(),
      resends: fc.boolean(),
      reopens: fc.boolean(),
      pauseMs: fc.constantFrom(0, 0, 7, 400),
      stopRule: fc.constantFrom('bsd' as const, 'first-refusal' as const),
    },
    { noNullPrototype: true },
  )
  .map(({ hops, maxMs, isExact, firstTtl, ...rest }) => ({
    ...planOf(rest),
    firstTtl,
    maxTtl: firstTtl + hops - 1,
    wait: isExact ? { maxMs, hereFactor: 0, nearFactor: 0 } : { ...ADAPTIVE, maxMs },
  }));

const kinds = fc.oneof(
  { weight: 12, arbitrary: fc.constant<ReplyKind>(TIME_EXCEEDED) },
  fc.constant<ReplyKind>(ARRIVED),
  fc.constant<ReplyKind>(ACCEPTED),
  fc.constant<ReplyKind>(REFUSED),
);
const delays = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 7000 }));
const fates: fc.Arbitrary<Fate> = fc.oneof(
  {
    weight: 8,
    arbitrary: record({ repliesMs: fc.array(delays, { minLength: 1, maxLength: 1 }), kind: kinds }),
  },
  {
    weight: 2,
    arbitrary: record({ repliesMs: fc.array(delays, { minLength: 2, maxLength: 3 }), kind: kinds }),
  },
  { weight: 3, arbitrary: fc.constant<Fate>({}) },
  { weight: 1, arbitrary: fc.constant<Fate>({ failed: true }) },
);

function record(fields: { [Field in 'repliesMs' | 'kind']: fc.Arbitrary<NonNullable<Fate[Field]>> }) {
  return fc.record(fields, { noNullPrototype: true });
}

/** A fate for each sequence. */
const tables = fc.array(fates, { minLength: 48, maxLength: 48 });
const fateIn = (table: readonly Fate[]) => (probe: Probe) => table[probe.sequence - 1] ?? {};

/** Plans and fates that broke a property once. Each is checked before random ones. */
const examples: [SchedulePlan, Fate[]][] = [
  // the second probe is sent again after 1100 ms, to no avail; then the reply to its first sending comes
  [
    planOf({ wait: ADAPTIVE, resends: true, maxTtl: 1 }),
    [{ repliesMs: [0] }, { repliesMs: [1101] }, {}, { failed: true }],
  ],
];

/** Checks `property` over random plans and fates. */
function always(property: (plan: SchedulePlan, fateOf: (probe: Probe) => Fate) => void): void {
  fc.assert(
    fc.property(plans, tables, (plan, table) => {
      property(plan, fateIn(table));
    }),
    { numRuns: 300, examples },
  );
}

/** The same plan with waits that the path does not shorten, and nothing sent again. */
function exactly(plan: SchedulePlan): SchedulePlan {
  return {
    ...plan,
    resends: false,
    reopens: false,
    wait: { maxMs: plan.wait.maxMs, hereFactor: 0, nearFactor: 0 },
  };
}

function hopCount({ firstTtl, maxTtl }: SchedulePlan): number {
  return maxTtl - firstTtl + 1;
}

/** The reason why a hop ends the trace, by the replies that became outcomes. */
function endOfHop({ outcomes }: ScheduleRun, { stopRule, attempts }: SchedulePlan, hop: number) {
  const replies = outcomes
    .slice(hop * attempts, (hop + 1) * attempts)
    .flatMap((outcome) => (outcome.status === 'replied' ? [reachOf(outcome.reply.kind, FAMILY)] : []));
  return endOfTrace(stopRule, replies, attempts);
}

describe('a run of the scheduler', () => {
  it('ends within the waits and pauses of all its probes', () => {
    always((plan, fateOf) => {
      const probes = hopCount(plan) * plan.attempts;
      const { endMs } = drive(plan, fateOf);
      // each may go twice more: among the others, and alone; SYNs to one half-open connection keep their distance
      const times = plan.reopens ? 3 : 1;
      const graceMs = 3 + (plan.reopens ? 560 * probes : 0); // near hosts have 3 ms to answer
      assert.ok(endMs <= times * probes * (plan.wait.maxMs + plan.pauseMs) + graceMs, `${endMs} ms`);
    });
  });

  it('sends each probe once at most, in order of TTL and attempt, and what is sent again at most as often as its plan allows', () => {
    always((plan, fateOf) => {
      const { sent } = drive(plan, fateOf);
      const total = hopCount(plan) * plan.attempts;
      const firsts = sent.filter(({ probe }) => probe.sequence <= total);
      firsts.forEach(({ probe }, index) => {
        const attempt = index % plan.attempts;
        const ttl = plan.firstTtl + (index - attempt) / plan.attempts;
        assert.deepEqual([probe.ttl, probe.attempt, probe.sequence], [ttl, attempt, index + 1]);
      });
      const again = sent.filter(({ probe }) => probe.sequence > total).map(({ probe }) => probe);
      assert.ok(sent.length <= sequenceCount(plan));
      if (!plan.reopens)
        assert.equal(new Set(again.map(({ ttl, attempt }) => `${ttl} ${attempt}`)).size, again.length);
    });
  });

  it('has one outcome for each probe up to its end, in order and without a gap', () => {
    always((plan, fateOf) => {
      const { outcomes } = drive(plan, fateOf);
      assert.equal(outcomes.length % plan.attempts, 0);
      assert.ok(outcomes.length >= plan.attempts);
      outcomes.forEach(({ probe: { ttl, attempt } }, index) => {
        assert.equal((ttl - plan.firstTtl) * plan.attempts + attempt, index);
      });
    });
  });

  it('ends with the first hop whose replies end it, and else with the last', () => {
    always((plan, fateOf) => {
      const run = drive(plan, fateOf);
      const last = run.outcomes.length / plan.attempts - 1;
      for (let hop = 0; hop < last; hop++) assert.equal(endOfHop(run, plan, hop), undefined);
      assert.equal(run.reason, endOfHop(run, plan, last) ?? 'max-ttl');
      if (run.reason === 'max-ttl') assert.equal(last, hopCount(plan) - 1);
    });
  });

  it('has never more than so many probes under way that are neither answered nor overdue', () => {
    always((plan, fateOf) => {
      const under: SentProbe[] = [];
      // with overlapping waits no probe is overdue before 300 ms
      const longestMs = plan.overlapWaits ? Math.min(300, plan.wait.maxMs) : plan.wait.maxMs;
      drive(exactly(plan), fateOf, ({ probe, atMs }) => {
        const waited = under.filter(({ probe: other, atMs: sentAtMs }) => {
          const { failed = false, repliesMs = [] } = fateOf(other);
          return !failed && atMs - sentAtMs < Math.min(longestMs, ...repliesMs);
        });
        assert.ok(waited.length < plan.parallel, `${waited.length} under way at ${atMs} ms`);
        under.push({ probe, atMs });
      });
    });
  });

  it('paces all sends', () => {
    always((plan, fateOf) => {
      const { sent } = drive(plan, fateOf);
      sent.slice(1).forEach(({ atMs }, index) => {
        assert.ok(atMs - (sent[index]?.atMs ?? 0) >= plan.pauseMs);
      });
    });
  });

  it('with exact waits prints what stop-and-wait prints, whatever the order of replies', () => {
    always((plan, fateOf) => {
      const sequential = drive({ ...exactly(plan), parallel: 1, overlapWaits: false }, fateOf);
      assert.deepEqual(summaryOf(drive(exactly(plan), fateOf)), summaryOf(sequential));
    });
  });

  it('counts every reply once', () => {
    always((plan, fateOf) => {
      const { acceptances, outcomes } = drive(plan, fateOf);
      const replied = outcomes.filter(({ status }) => status === 'replied').length;
      assert.ok(acceptances.accepted >= replied);
      assert.equal(acceptances.unknown, 0);
    });
  });
});

describe('stop-and-wait', () => {
  it('sends the next probe when the last one was answered or given up', () => {
    const { sent } = drive(planOf({ parallel: 1, maxTtl: 4, attempts: 1 }), pathOf(4, 10, [2]));
    assert.deepEqual(
      sent.map(({ atMs }) => atMs),
      [0, 10, 1010, 1040],
    );
  });
});

describe('an exact wait', () => {
  for (const [afterMs, status] of [
    [999, 'replied'],
    [999.999, 'replied'],
    [1000, 'timed-out'],
    [1001, 'timed-out'],
  ] as const) {
    it(`takes a reply after ${afterMs} of 1000 ms for ${status}`, () => {
      const { outcomes, acceptances } = drive(planOf({ maxTtl: 2, attempts: 1 }), ({ ttl }) =>
        ttl === 1 ? { repliesMs: [afterMs] } : {},
      );
      assert.deepEqual(
        outcomes.map((outcome) => outcome.status),
        [status, 'timed-out'],
      );
      assert.equal(acceptances.accepted, status === 'replied' ? 1 : 0);
    });
  }

  it('goes by when a reply came, not by when it is told of it', () => {
    const scheduler = new Scheduler(FAMILY, planOf({ parallel: 2, maxTtl: 2, attempts: 1 }));
    const [first, second] = [1, 2].map((sequence) => ({ ttl: sequence, attempt: 0, sequence }));
    assert.ok(first && second);
    scheduler.sent(first, 0);
    scheduler.sent(second, 500);
    assert.equal(scheduler.replied(1, replyOf(TIME_EXCEEDED, 1001)).status, 'late');
    scheduler.next(2000);
    assert.equal(scheduler.replied(2, replyOf(TIME_EXCEEDED, 1499)).status, 'accepted');
  });
});

describe('an adaptive wait', () => {
  const plan = planOf({ wait: ADAPTIVE, maxTtl: 4, attempts: 3 });

  /** Milliseconds that the probe of this sequence was waited for, while the others had these RTTs. */
  function waitedFor(sequence: number, rttsMs: Readonly<Record<number, number>>): number {
    const last = Math.max(sequence, ...Object.keys(rttsMs).map(Number));
    const { endMs } = drive({ ...plan, maxTtl: Math.ceil(last / 3) }, (probe) => {
      const rttMs = rttsMs[probe.sequence];
      if (rttMs !== undefined) return { repliesMs: [rttMs] };
      return probe.sequence === sequence ? {} : { failed: true };
    });
    return Math.round(endMs);
  }

  for (const [what, rttsMs, expected] of [
    ['5 s where nothing was answered', {}, 5000],
    ['3 times another RTT of the hop, 1 ms of grace before', { 5: 40 }, 123],
    ['the same after it was answered', { 6: 100 }, 303],
    ['10 times the RTT of a later hop', { 8: 20 }, 210],
    ['10 times the RTT of the nearest later hop', { 7: 30, 10: 40 }, 310],
    ['by its own hop where both were answered', { 6: 50, 8: 60 }, 153],
    ['3.3 s and the largest RTT where only an earlier hop was answered', { 1: 20 }, 3320],
    ['20 times its RTT, where that is longer', { 1: 180 }, 3600],
    ['no more than 5 s', { 6: 3000 }, 5000],
  ] as const) {
    it(`is ${what}`, () => {
      assert.equal(waitedFor(4, rttsMs), expected);
    });
  }

  it('is short from the start where the hop has been answered before', () => {
    const { endMs } = drive({ ...plan, maxTtl: 1, attempts: 2, parallel: 1 }, ({ attempt }) =>
      attempt === 0 ? { repliesMs: [20] } : {},
    );
    assert.equal(endMs, 20 + 100);
  });

  it('takes back what it gave up while the line is not printed', () => {
    // the silent hop before is given up after (10 + 1) * 10 ms, the third probe of the second one after 33 ms
    const { outcomes } = drive({ ...plan, maxTtl: 2 }, ({ sequence }) => {
      if (sequence === 5) return { repliesMs: [10] };
      return sequence === 6 ? { repliesMs: [60] } : {};
    });
    const statuses = outcomes.slice(3).map(({ status }) => status);
    assert.deepEqual(statuses, ['timed-out', 'replied', 'replied']);
  });

  it('prints a silent hop before the target within the pace of the path', () => {
    const { endMs, reason } = drive(planOf({ wait: ADAPTIVE }), pathOf(10, 8, [4]));
    assert.equal(reason, 'reached');
    assert.ok(endMs <= (5 * 8 + 1) * 10 + 1, `${endMs} ms`);
  });
});

describe('overlapping waits', () => {
  it('cost less than two waits where a path of 30 hops is silent after the sixth', () => {
    const plan = planOf({ wait: ADAPTIVE, overlapWaits: true });
    const { endMs, outcomes, reason } = drive(plan, ({ ttl }) => (ttl <= 6 ? { repliesMs: [ttl * 10] } : {}));
    assert.equal(reason, 'max-ttl');
    assert.equal(outcomes.length, 90);
    assert.ok(endMs < 2 * 5000, `${endMs} ms`);
  });

  it('do not hold a probe for overdue before it is 3 times slower than the slowest', () => {
    const plan = planOf({
      overlapWaits: true,
      parallel: 2,
      attempts: 1,
      maxTtl: 5,
      wait: { ...ADAPTIVE, nearFactor: 0 },
    });
    const { sent } = drive(plan, ({ ttl }) => (ttl === 1 ? { repliesMs: [200] } : {}));
    assert.deepEqual(
      sent.map(({ atMs }) => atMs),
      [0, 3, 200, 603, 800],
    );
  });
});

describe('what a rate limit swallows', () => {
  const plan = planOf({ wait: ADAPTIVE, overlapWaits: true, resends: true, maxTtl: 2, attempts: 4 });
  const HOPS_MS = [10, 20] as const;

  /** Hop 1 answers these attempts at the first asking, and all it is asked again if `isRefilled`. */
  function limited(answered: readonly number[], isRefilled = true): (probe: Probe) => Fate {
    return ({ ttl, attempt, sequence }) => {
      const isAnswered = sequence > 8 ? isRefilled : ttl === 2 || answered.includes(attempt);
      return isAnswered ? { repliesMs: [HOPS_MS[ttl - 1] ?? 0] } : {};
    };
  }
  const again = ({ sent }: ScheduleRun) =>
    sent.filter(({ probe }) => probe.sequence > 8).map(({ probe, atMs }) => [probe.attempt, atMs]);
  const missing = ({ outcomes }: ScheduleRun) =>
    outcomes.filter(({ status }) => status === 'timed-out').length;

  it('is sent again, one probe a second, and shows nowhere', () => {
    const run = drive(plan, limited([0]));
    assert.deepEqual(again(run), [
      [1, 1100],
      [2, 2200],
      [3, 3300],
    ]);
    assert.equal(missing(run), 0);
    const rttsMs = run.outcomes.map((outcome) => (outcome.status === 'replied' ? outcome.rttMs : NaN));
    assert.deepEqual(rttsMs.slice(0, 4), [10, 10, 10, 10]);
  });

  it('is left alone where a slower rate is no better', () => {
    const run = drive(plan, limited([0], false));
    assert.deepEqual(again(run), [[1, 1100]]);
    assert.equal(missing(run), 3);
    assert.equal(run.endMs, 1200);
  });

  it('is not sent again after the time that a probe is waited for at most', () => {
    const run = drive({ ...plan, wait: { ...ADAPTIVE, maxMs: 3000 } }, limited([0]));
    assert.equal(again(run).length, 2);
    assert.equal(missing(run), 1);
  });

  it('takes up as many sequences again at most, and no more than have 16 bits', () => {
    assert.equal(sequenceCount(plan), 16);
    assert.equal(sequenceCount({ ...plan, resends: false }), 8);
    assert.equal(sequenceCount({ ...plan, attempts: 0x7000 }), 0xffff);
  });

  for (const [what, answered] of [
    ['one probe alone', [0, 1, 2]],
    ['some in between', [0, 3]],
    ['all', []],
    ['the first', [1, 2, 3]],
  ] as const) {
    it(`is not what is seen where a hop does not answer ${what}`, () => {
      assert.deepEqual(again(drive(plan, limited(answered))), []);
    });
  }

  it('takes a late reply to the first sending for what it is, and not for one to the second', () => {
    const late = 1100 + 5;
    const run = drive(plan, (probe) =>
      probe.ttl === 1 && probe.attempt > 0 && probe.sequence <= 8
        ? { repliesMs: [late] }
        : limited([0])(probe),
    );
    assert.deepEqual(
      run.outcomes.map((outcome) => (outcome.status === 'replied' ? outcome.rttMs : NaN)).slice(0, 4),
      [10, late, late, late],
    );
  });
});

describe('what comes to a half-open connection', () => {
  const plan = planOf({ reopens: true, maxTtl: 2, attempts: 4 });
  const RTT_MS = 20;
  const ACCEPTED_AT_ONCE = { repliesMs: [RTT_MS], kind: ACCEPTED };

  /** The target, hop 2, accepts the first connection, and those of later SYNs if `isReset`. */
  function halfOpen(isReset: boolean, others: Fate = {}): (probe: Probe) => Fate {
    return ({ ttl, attempt, sequence }) => {
      if (ttl === 1) return { repliesMs: [10] };
      const isAccepted = sequence > 8 ? isReset : attempt === 0;
      return isAccepted ? ACCEPTED_AT_ONCE : others;
    };
  }
  const again = ({ sent }: ScheduleRun) =>
    sent.filter(({ probe }) => probe.sequence > 8).map(({ probe, atMs }) => [probe.attempt, atMs]);
  const rttsMs = ({ outcomes }: ScheduleRun) =>
    outcomes.slice(4).map((outcome) => (outcome.status === 'replied' ? outcome.rttMs : NaN));

  for (const wait of [plan.wait, ADAPTIVE]) {
    it(`is sent again, each once the one before is answered, waits being ${wait === ADAPTIVE ? 'adaptive' : 'exact'}`, () => {
      const run = drive({ ...plan, wait }, halfOpen(true));
      assert.deepEqual(again(run), [
        [1, RTT_MS + 10],
        [2, 2 * RTT_MS + 10],
        [3, 3 * RTT_MS + 10],
      ]);
      assert.deepEqual(rttsMs(run), [RTT_MS, RTT_MS, RTT_MS, RTT_MS]);
      assert.equal(run.endMs, 4 * RTT_MS + 10);
    });
  }

  it('is sent again twice where that is no better, the others not', () => {
    const run = drive(plan, halfOpen(false));
    assert.deepEqual(again(run), [
      [1, RTT_MS + 10],
      [1, RTT_MS + 10 + plan.wait.maxMs],
    ]);
    assert.deepEqual(rttsMs(run), [RTT_MS, NaN, NaN, NaN]);
  });

  it('is not what is seen where the others are answered a moment later', () => {
    const run = drive(plan, halfOpen(true, { repliesMs: [RTT_MS + 5], kind: ACCEPTED }));
    assert.deepEqual(again(run), []);
  });

  it('is not what is seen where a later one is accepted too', () => {
    const run = drive(plan, (probe) => (probe.attempt === 1 ? {} : halfOpen(true, ACCEPTED_AT_ONCE)(probe)));
    assert.deepEqual(again(run), []);
    assert.deepEqual(rttsMs(run), [RTT_MS, NaN, RTT_MS, RTT_MS]);
  });

  it('is not what is seen where each probe asks for a connection of its own', () => {
    assert.deepEqual(again(drive({ ...plan, reopens: false }, halfOpen(true))), []);
  });
});

describe('the end of a trace', () => {
  for (const [rule, attempts, kindsAtHop, expected] of [
    ['bsd', 1, [REFUSED], 'refused'],
    ['bsd', 2, [REFUSED, TIME_EXCEEDED], 'refused'],
    ['bsd', 3, [REFUSED, TIME_EXCEEDED, TIME_EXCEEDED], 'max-ttl'],
    ['bsd', 3, [REFUSED, TIME_EXCEEDED, REFUSED], 'refused'],
    ['bsd', 3, [TIME_EXCEEDED, ARRIVED, TIME_EXCEEDED], 'reached'],
    ['first-refusal', 1, [REFUSED], 'refused'],
    ['first-refusal', 3, [TIME_EXCEEDED, REFUSED, TIME_EXCEEDED], 'refused'],
    ['first-refusal', 3, [REFUSED, ARRIVED, REFUSED], 'reached'],
    ['proven-refusal', 3, [TIME_EXCEEDED, TIME_EXCEEDED, REFUSED], 'refused'],
    ['proven-refusal', 3, [REFUSED, ARRIVED, REFUSED], 'reached'],
  ] as const) {
    it(`by the rule ${rule} of ${attempts} attempts: ${kindsAtHop.map(({ type }) => type).join(', ')}`, () => {
      const plan = planOf({ stopRule: rule, attempts, maxTtl: 8 });
      const run = drive(plan, ({ ttl, attempt }) => ({
        repliesMs: [10 + attempt],
        kind: ttl === 4 ? (kindsAtHop[attempt] ?? TIME_EXCEEDED) : TIME_EXCEEDED,
      }));
      assert.equal(run.reason, expected);
      assert.equal(run.outcomes.length, (expected === 'max-ttl' ? 8 : 4) * attempts);
    });
  }

  it('is at the nearest hop that ends it, though a later one answers sooner', () => {
    const { outcomes, reason } = drive(planOf(), ({ ttl }) => ({
      repliesMs: [ttl === 3 ? 500 : 10],
      kind: ttl === 3 ? REFUSED : ttl > 3 ? ARRIVED : TIME_EXCEEDED,
    }));
    assert.equal(reason, 'refused');
    assert.equal(outcomes.at(-1)?.probe.ttl, 3);
  });

  it('waits for nothing past it', () => {
    const { endMs } = drive(planOf({ wait: ADAPTIVE }), ({ ttl }) =>
      ttl > 6 ? {} : { repliesMs: [ttl * 10], kind: ttl === 6 ? ARRIVED : TIME_EXCEEDED },
    );
    assert.equal(endMs, 60);
  });

  it('counts replies from past it as late', () => {
    const scheduler = new Scheduler(FAMILY, planOf({ attempts: 1, maxTtl: 3 }));
    for (const sequence of [1, 2, 3]) scheduler.sent({ ttl: sequence, attempt: 0, sequence }, 0);
    assert.equal(scheduler.replied(2, replyOf(ARRIVED, 10)).status, 'accepted');
    assert.equal(scheduler.replied(3, replyOf(ARRIVED, 11)).status, 'late');
    assert.equal(scheduler.replied(2, replyOf(ARRIVED, 12)).status, 'duplicate');
    assert.deepEqual(scheduler.take(), []);
    assert.equal(scheduler.replied(1, replyOf(TIME_EXCEEDED, 13)).status, 'accepted');
    assert.deepEqual(
      scheduler.take().map(({ probe }) => probe.ttl),
      [1, 2],
    );
    assert.equal(scheduler.replied(1, replyOf(TIME_EXCEEDED, 14)).status, 'duplicate');
    assert.deepEqual(scheduler.next(15), { do: 'stop', reason: 'reached' });
  });

  describe('by a proven refusal', () => {
    const [R1, R2, R3] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'] as const;

    /** The TTL that ends the trace once hops 1 to 3 have answered so, in this order. */
    function endOf(...answers: readonly (readonly [ttl: number, responder: string, kind: ReplyKind])[]) {
      const plan = planOf({ stopRule: 'proven-refusal', attempts: 1, maxTtl: 4 });
      const scheduler = new Scheduler(FAMILY, plan, () => 'foreign');
      for (const sequence of [1, 2, 3]) scheduler.sent({ ttl: sequence, attempt: 0, sequence }, 0);
      for (const [ttl, responder, kind] of answers) {
        scheduler.replied(ttl, { ...replyOf(kind, 10), responder });
      }
      return scheduler.endTtl;
    }

    it('is not at a router that says so at its own hop alone', () => {
      assert.equal(endOf([1, R1, TIME_EXCEEDED], [2, R2, REFUSED]), Infinity);
      assert.equal(endOf([1, R1, TIME_EXCEEDED], [2, R2, REFUSED], [3, R3, TIME_EXCEEDED]), Infinity);
    });

    it('is at the hop beyond the router that refuses', () => {
      assert.equal(endOf([1, R1, TIME_EXCEEDED], [2, R1, REFUSED]), 2);
      assert.equal(endOf([2, R1, REFUSED], [1, R1, TIME_EXCEEDED], [3, R1, REFUSED]), 2);
    });

    it('is at the nearest hop where the router says so at each', () => {
      assert.equal(endOf([1, R1, TIME_EXCEEDED], [3, R2, REFUSED], [2, R2, REFUSED]), 2);
      assert.equal(endOf([2, R2, ARRIVED], [3, R2, ARRIVED]), 2);
    });
  });
});

describe('a reply', () => {
  it('to a probe that was not sent is unknown', () => {
    const scheduler = new Scheduler(FAMILY, planOf());
    assert.equal(scheduler.probe(1), undefined);
    for (const sequence of [0, 1, 90, 65535]) {
      assert.equal(scheduler.replied(sequence, replyOf(TIME_EXCEEDED, 1)).status, 'unknown');
    }
  });

  describe('that is ignored, tells its RTT', () => {
    it('where it comes too late, or twice', () => {
      const scheduler = new Scheduler(FAMILY, planOf({ attempts: 2, maxTtl: 1 }));
      for (const sequence of [1, 2]) scheduler.sent({ ttl: 1, attempt: sequence - 1, sequence }, 100);
      scheduler.replied(1, replyOf(TIME_EXCEEDED, 130));
      const twice = scheduler.replied(1, replyOf(TIME_EXCEEDED, 150));
      assert.deepEqual(twice, { status: 'duplicate', rttMs: 50 });
      const late = scheduler.replied(2, replyOf(TIME_EXCEEDED, 1100));
      assert.deepEqual(late, { status: 'late', rttMs: 1000 });
    });

    it('from the sending that it answers, where there were two', () => {
      const scheduler = new Scheduler(FAMILY, planOf({ attempts: 2, maxTtl: 1, resends: true }));
      for (const sequence of [1, 2]) scheduler.sent({ ttl: 1, attempt: sequence - 1, sequence }, 100);
      scheduler.sent({ ttl: 1, attempt: 1, sequence: 3 }, 1200);
      const late = scheduler.replied(2, replyOf(TIME_EXCEEDED, 1210));
      assert.deepEqual(late, { status: 'late', rttMs: 1110 });
      const accepted = scheduler.replied(3, replyOf(TIME_EXCEEDED, 1220));
      assert.deepEqual(accepted, { status: 'accepted', rttMs: 20 });
      const twice = scheduler.replied(2, replyOf(TIME_EXCEEDED, 1230));
      assert.deepEqual(twice, { status: 'duplicate', rttMs: 1130 });
    });
  });

  it('from before its probe, by another clock, has an RTT of 0', () => {
    const scheduler = new Scheduler(FAMILY, planOf({ attempts: 1, maxTtl: 1 }));
    scheduler.sent({ ttl: 1, attempt: 0, sequence: 1 }, 5);
    scheduler.replied(1, replyOf(TIME_EXCEEDED, 4));
    const [outcome] = scheduler.take();
    assert.equal(outcome?.status === 'replied' && outcome.rttMs, 0);
  });
});
