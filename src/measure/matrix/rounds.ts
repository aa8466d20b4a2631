/** Sends the probes of a matrix: all columns at once, then retries of what is in doubt. */
import type { Transport } from '../../ports/transport.ts';
import { RATE_LIMIT_GAP_MS } from '../../engine/resend.ts';
import { Trace } from '../../engine/trace.ts';
import { Tracer, type TraceListener } from '../../engine/tracer.ts';
import type { World } from '../../ports/world.ts';
import { readMatrix } from '../../verdict/facts.ts';
import { RetryPlan, type Retry } from '../../verdict/retry.ts';
import type { Plan } from '../../model/plan.ts';
import type { Endpoints } from '../endpoints.ts';
import { retrySpec, scoutOf, withinRoom, type Column } from './column.ts';
import { BATCH, batchesOf, CROWD_ASKING_MS, variedFirst } from './crowd.ts';
import { FirstPass, type FirstPassOptions } from './first-pass.ts';
import { longestWaitMs } from '../trace-spec.ts';
import type { MatrixEvent } from './matrix-event.ts';
import { matrixOf } from './recorder.ts';

/** Sequences for retries: the system's packet filter lets these pass besides those of the first pass. */
const RETRY_ROOM = 0x1000;

/** A target that says nothing so far is waited for this long: it may wake up, or ask others, before it answers. */
const PATIENT_WAIT_MS = 2000;

/** All that sending a matrix takes. */
export interface RoundsOptions {
  readonly plan: Plan;
  readonly world: Pick<World, 'clock'>;
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  readonly tell: (event: MatrixEvent) => void;
}

/** Sends the columns of one matrix, then what has to be asked again. */
export class Rounds {
  readonly #columns: readonly Column[];
  readonly #options: RoundsOptions;
  #isInterrupted = false;
  #lastSentMs = -Infinity;
  #packets = 0;
  #interrupt: () => void = () => undefined;

  constructor(columns: readonly Column[], options: RoundsOptions) {
    this.#columns = columns;
    this.#options = options;
  }

  /** True once `interrupt` was called. */
  get isInterrupted(): boolean {
    return this.#isInterrupted;
  }

  /** The probes that have left so far. */
  get packets(): number {
    return this.#packets;
  }

  /** Sends until nothing is left to find out. */
  async run(): Promise<void> {
    const waitMs = await this.#firstPasses();
    const { target, family } = this.#options.endpoints;
    const records = this.#columns.map(({ record }) => record);
    const plan = new RetryPlan();
    const untilMs = this.#options.world.clock.nowMs() + CROWD_ASKING_MS;
    const next = () => plan.next(matrixOf(records, family, target));
    // what was under way when the run was interrupted has not had its time
    let underWay: readonly Retry[] | undefined;
    for (let isFirst = true; !this.#isInterrupted; isFirst = false) {
      const round = next();
      const once = isFirst ? plan.askedOnce(this.#options.plan.maxTtl) : [];
      const retries = withinRoom([...round.retries, ...once], (name) => this.#columnOf(name));
      if (retries.length === 0) break;
      underWay = retries;
      if (round.isSlow) await this.#pause();
      const answered = new Set<Retry>();
      for (const batch of batchesOf(retries)) {
        for (const retry of await this.#retry(batch, waitMs)) answered.add(retry);
      }
      if (this.#columns.length > BATCH && this.#options.world.clock.nowMs() > untilMs) break;
      plan.done(retries, (retry) => answered.has(retry));
    }
    await this.#askLast(plan, waitMs);
    this.#conclude(plan, underWay);
  }

  async #askLast(plan: RetryPlan, waitMs: number): Promise<void> {
    const retries = withinRoom(plan.askedLast(), (name) => this.#columnOf(name));
    if (retries.length === 0 || this.#isInterrupted) return;
    await this.#pause();
    await this.#retry(retries, waitMs);
  }

  /**
   * Notes for each column what the rounds have shown of it besides its cells.
   * @param underWay - the last round, which may have been interrupted; undefined where the first pass was
   */
  #conclude(plan: RetryPlan, underWay: readonly Retry[] | undefined): void {
    const { target, family } = this.#options.endpoints;
    const records = this.#columns.map(({ record }) => record);
    const facts = readMatrix(matrixOf(records, family, target));
    for (const [index, { record }] of this.#columns.entries()) {
      const column = facts.columns[index];
      if (!column) continue;
      const wasAsked = underWay?.some((retry) => retry.column === record.probe.name) ?? true;
      if (this.#isInterrupted && (wasAsked || plan.wants(column, facts))) record.unfinished();
      record.likelyRefusedAs(plan.likelyRefusedAs(column, facts));
      record.heldUpBy(plan.heldUpBy(column, facts));
    }
  }

  /** Ends the run where it is. */
  interrupt(): void {
    this.#isInterrupted = true;
    this.#interrupt();
  }

  /** Traces the columns, batch by batch. Answers how many milliseconds a probe of this path is worth waiting for. */
  async #firstPasses(): Promise<number> {
    const { transport } = this.#options;
    const expected = this.#columns.map(({ spec }) => withRoom(new Trace(spec).expectedReplies));
    transport.makeWay?.(expected);
    transport.narrow?.(expected);
    const inTurn = variedFirst(this.#columns, ({ record }) => record.probe);
    let waitMs = 0;
    for (const [index, batch] of batchesOf(inTurn).entries()) {
      if (this.#isInterrupted) break;
      const earlier = index === 0 ? {} : { earlierArrival: this.#furthestArrival() };
      waitMs = Math.max(waitMs, await this.#firstPass(batch, earlier));
    }
    return waitMs;
  }

  /** The largest TTL at which the target answered so far; 0 where it did not. */
  #furthestArrival(): number {
    const { target, family } = this.#options.endpoints;
    const records = this.#columns.map(({ record }) => record);
    const { columns } = readMatrix(matrixOf(records, family, target));
    return Math.max(0, ...columns.map(({ ending }) => (ending?.how === 'arrived' ? ending.ttl : 0)));
  }

  /** Traces these columns from the first TTL on. Answers as `firstPasses`. */
  async #firstPass(
    columns: readonly Column[],
    earlier: Pick<FirstPassOptions, 'earlierArrival'>,
  ): Promise<number> {
    const { plan, transport, world } = this.#options;
    const owners = new Map(columns.map((column) => [new Trace(column.spec), column]));
    const traces = [...owners.keys()];
    const mostWaitMs = longestWaitMs(plan.defaultWaitSeconds);
    const isFirst = earlier.earlierArrival === undefined;
    const ahead = plan.pauseMs > 0 || !isFirst ? undefined : scoutOf(columns);
    const scouts = ahead ? [new Trace(retrySpec(ahead, plan.maxTtl, 1, mostWaitMs))] : [];
    const listener = this.#listener(owners, (trace) => {
      tracer.stop(trace);
    });
    const tracer: Tracer = new Tracer([...traces, ...scouts], transport, world.clock, {
      ...listener,
      onSent: (trace, probe, atMs) => {
        listener.onSent?.(trace, probe, atMs);
        pass.sent(trace, probe, atMs);
      },
      onReply: (trace, probe, reply, rttMs) => {
        listener.onReply?.(trace, probe, reply, rttMs);
        pass.replied(trace, probe, reply, rttMs);
      },
      onStop: (trace) => {
        owners.delete(trace);
        if (owners.size === 0) for (const scout of scouts) tracer.stop(scout);
      },
    });
    const pass: FirstPass = new FirstPass(traces, {
      ...plan,
      clock: world.clock,
      ...(plan.waitSeconds === undefined ? {} : { exactWaitMs: plan.waitSeconds * 1000 }),
      mostWaitMs,
      ...earlier,
      goOn: (trace, ttl, isLed) => {
        tracer.goOn(trace, ttl, isLed);
      },
      stop: (trace) => {
        tracer.stop(trace);
      },
    });
    try {
      await this.#runTracer(tracer);
    } finally {
      pass.end();
    }
    for (const [trace, column] of owners) column.passingNumber = trace.scheduler.passingNumber;
    return pass.waitMs;
  }

  /** Sends the probes of one round. Answers those that were answered. */
  async #retry(retries: readonly Retry[], waitMs: number): Promise<ReadonlySet<Retry>> {
    const { plan, transport, world } = this.#options;
    const patientMs = plan.waitSeconds === undefined ? Math.max(waitMs, PATIENT_WAIT_MS) : waitMs;
    const owners = new Map<Trace, Column>();
    const asked = new Map<Trace, Retry>();
    for (const retry of retries) {
      const column = this.#columnOf(retry.column);
      if (!column) continue;
      const trace = new Trace(
        retrySpec(column, retry.ttl, retry.attempts, retry.isPatient ? patientMs : waitMs),
      );
      owners.set(trace, column);
      asked.set(trace, retry);
    }
    const answered = new Set<Retry>();
    const listener = this.#listener(owners, (trace) => {
      tracer.stop(trace);
    });
    const tracer: Tracer = new Tracer([...owners.keys()], transport, world.clock, {
      ...listener,
      onReply: (trace, probe, reply, rttMs) => {
        const retry = asked.get(trace);
        if (retry) answered.add(retry);
        listener.onReply?.(trace, probe, reply, rttMs);
      },
    });
    await this.#runTracer(tracer);
    return answered;
  }

  #columnOf(name: string): Column | undefined {
    return this.#columns.find(({ record }) => record.probe.name === name);
  }

  #listener(owners: ReadonlyMap<Trace, Column>, stop: (trace: Trace) => void): TraceListener {
    const { tell } = this.#options;
    return {
      onSent: (trace, probe, atMs) => {
        const record = owners.get(trace)?.record;
        this.#lastSentMs = atMs;
        this.#packets++;
        record?.sent(trace, probe);
        if (record) tell({ type: 'sent', column: record.probe.name, probe, atMs });
      },
      onReply: (trace, probe, reply, rttMs) => {
        const record = owners.get(trace)?.record;
        record?.replied(trace, probe, reply, rttMs);
        if (record) tell({ type: 'reply', column: record.probe.name, probe, reply, rttMs });
      },
      onIgnored: (trace, probe, reply, why, rttMs) => {
        // what answers beyond the end of a column tells of it too
        if (why === 'late') owners.get(trace)?.record.replied(trace, probe, reply, rttMs);
      },
      onAnonymous: (trace, reply) => {
        const record = owners.get(trace)?.record;
        record?.answered(reply);
        stop(trace);
        if (record) tell({ type: 'anonymous', column: record.probe.name, reply });
      },
      onOutcome: (trace, outcome) => {
        if (outcome.status !== 'send-failed') return;
        owners.get(trace)?.record.refused(outcome.error);
        stop(trace);
      },
    };
  }

  async #runTracer(tracer: Tracer): Promise<void> {
    this.#interrupt = () => {
      tracer.interrupt();
    };
    if (!this.#isInterrupted) await tracer.run();
    this.#interrupt = () => undefined;
  }

  /** Waits until a rate limit lets another answer pass. */
  #pause(): Promise<void> {
    const { clock } = this.#options.world;
    return new Promise((resolve) => {
      const cancel = clock.schedule(this.#lastSentMs + RATE_LIMIT_GAP_MS, resolve);
      this.#interrupt = () => {
        cancel();
        resolve();
      };
    });
  }
}

function withRoom(expected: Trace['expectedReplies']): Trace['expectedReplies'] {
  const { ident, identification } = expected;
  if (!ident) return expected;
  const more = <Counted extends { readonly count: number }>(counted: Counted): Counted => ({
    ...counted,
    count: counted.count + RETRY_ROOM,
  });
  return {
    ...expected,
    ident: more(ident),
    ...(identification ? { identification: more(identification) } : {}),
  };
}
