/** Runs traces over one engine and tells what happens. */
import { encodeDatagram } from '../engine/encode-datagram.ts';
import type { Trace } from '../engine/trace.ts';
import { Tracer, type TraceListener } from '../engine/tracer.ts';
import type { StopReason } from '../model/outcome.ts';
import type { Transport } from '../ports/transport.ts';
import type { ReadySender, Sender } from './admission.ts';
import { onStop, type MeasureContext } from './context.ts';
import type { EventSink } from './event-queue.ts';
import { warnOfAstray } from './follow-flows.ts';
import type { Session } from './session.ts';
import { FloodLimit, showsForeign } from './flood-limit.ts';
import type { TraceEvent, TraceEventOf } from './trace-event.ts';
import { isRefusal, prepare, type Runner } from './trace-runner.ts';

/** A host to trace to, and where its events go. */
export interface Job {
  readonly sender: Sender;
  readonly tell: Runner['tell'];
}

/** All that running traces takes. */
export interface TraceRunOptions {
  readonly session: Session;
  readonly transport: Transport;
  readonly context: MeasureContext;
  readonly sink: EventSink<TraceEventOf>;
  /** The hosts that begin as soon as others have ended. */
  readonly waiting: readonly Job[];
  /** So many hosts are under way at once. */
  readonly atOnce: number;
}

/** The traces of one run: those that begin together, and those that follow. */
export class TraceRun {
  readonly #options: TraceRunOptions;
  readonly #waiting: Job[];
  /** Those that are not ready yet, the waiting ones too. */
  readonly #unready: Set<Job>;
  /** Traces that have not ended. */
  readonly #running = new Map<Trace, Runner>();
  readonly #tracer: Tracer;
  readonly #floodLimit = new FloodLimit();
  #isStopped = false;
  #hasWarned = false;
  /** One host at a time gets its numbers: it may have to wait for them. */
  #isAdmitting = false;
  /** Has the loop go on after it has run out of traces. */
  #wake: () => void = () => undefined;

  constructor(runners: readonly Runner[], options: TraceRunOptions) {
    const { transport, context, waiting } = options;
    this.#options = options;
    this.#waiting = [...waiting];
    this.#unready = new Set(waiting);
    for (const runner of runners) this.#running.set(runner.trace, runner);
    const isForeignShown = runners.some(({ plan }) => showsForeign(plan));
    const traces = runners.map(({ trace }) => trace);
    this.#tracer = new Tracer(traces, transport, context.world.clock, this.#listener(isForeignShown));
    if (waiting.length > 0) return; // what their replies will be is not known
    const expected = traces.map((trace) => trace.expectedReplies);
    transport.makeWay?.(expected);
    transport.narrow?.(expected);
  }

  /** Sends. The first probes have left when it returns. */
  start(): void {
    const { context, sink } = this.#options;
    for (const runner of this.#running.values()) this.#tellStart(runner);
    const forget = onStop(context.signal, () => {
      this.stop();
    });
    this.#run().then(
      () => {
        forget();
        sink.end();
      },
      (error: unknown) => {
        forget();
        sink.fail(error);
      },
    );
  }

  /** Ends all traces where they are. Those that have not begun are told to have ended too. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    // what has answered behind a silent hop is not lost
    for (const trace of this.#running.keys()) trace.scheduler.conclude();
    this.#tracer.interrupt();
    for (const { tell } of this.#unready) {
      tell(this.#endEvent('interrupted'));
    }
    this.#wake();
  }

  async #run(): Promise<void> {
    this.#fill();
    for (;;) {
      await this.#tracer.run();
      if (this.#isStopped || this.#unready.size === 0) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Begins with waiting hosts, as many as there is room for. */
  #fill(): void {
    const { atOnce } = this.#options;
    const busy = (): number => this.#running.size + this.#unready.size - this.#waiting.length;
    while (!this.#isStopped && !this.#isAdmitting && busy() < atOnce) {
      const job = this.#waiting.shift();
      if (!job) return;
      void this.#begin(job);
    }
  }

  async #begin(job: Job): Promise<void> {
    try {
      const sender = await this.#admit(job);
      this.#fill();
      const runner = await prepare(sender, this.#options, job.tell);
      if (this.#isStopped) return;
      this.#unready.delete(job);
      if (runner) this.#add(runner);
      else this.#fill();
    } catch (error) {
      if (this.#isStopped) return;
      this.#unready.delete(job);
      if (isRefusal(error)) job.tell({ type: 'refused', error });
      else this.#options.sink.fail(error);
      this.#fill();
    }
    this.#wake();
  }

  async #admit({ sender }: Job): Promise<ReadySender> {
    this.#isAdmitting = true;
    try {
      return await this.#options.session.admit(sender);
    } finally {
      this.#isAdmitting = false;
    }
  }

  #add(runner: Runner): void {
    const { transport, context } = this.#options;
    warnOfAstray(transport, [runner.trace], (message) => {
      if (!this.#hasWarned) context.warn(message);
      this.#hasWarned = true;
    });
    this.#running.set(runner.trace, runner);
    this.#tellStart(runner);
    this.#tracer.add(runner.trace);
  }

  #tellStart({ tell, start }: Runner): void {
    const { name, connectsEach = false } = this.#options.transport;
    tell({ type: 'start', ...start, transport: name, connectsEach });
  }

  #end(trace: Trace, reason: StopReason): void {
    const runner = this.#running.get(trace);
    if (!runner) return;
    const hop = runner.hops.rest();
    if (hop) runner.tell({ type: 'hop', ...hop });
    runner.tell(this.#endEvent(reason));
    this.#running.delete(trace);
    runner.release();
    if (this.#waiting.length > 0) this.#tracer.forget(trace);
    this.#fill();
  }

  #endEvent(reason: StopReason): TraceEvent {
    return { type: 'end', reason, ignored: this.#tracer.counts, leftOut: this.#floodLimit.leftOut };
  }

  /** What comes after the end of a trace is told to nobody. */
  #listener(isForeignShown: boolean): TraceListener {
    const running = this.#running;
    const { clock } = this.#options.context.world;
    const isTold = (octets: number): boolean => this.#floodLimit.admits(octets, clock.nowMs());
    return {
      onSent: (trace, probe, atMs) => {
        running.get(trace)?.tell({ type: 'sent', probe, atMs });
      },
      onReply: (trace, probe, reply, rttMs) => {
        running.get(trace)?.tell({ type: 'reply', probe, reply, rttMs });
      },
      onIgnored: (trace, probe, reply, why, rttMs) => {
        if (isTold(reply.length)) running.get(trace)?.tell({ type: 'ignored', probe, reply, why, rttMs });
      },
      onOutcome: (trace, outcome) => {
        const runner = running.get(trace);
        const datagram = (): Uint8Array => encodeDatagram(trace.datagram(outcome.probe));
        runner?.tell({ type: 'outcome', outcome, datagram });
        const hop = runner?.hops.add(outcome);
        if (hop) runner?.tell({ type: 'hop', ...hop });
      },
      onStop: (trace, reason) => {
        this.#end(trace, reason);
      },
      ...(isForeignShown
        ? {
            onForeign: (foreign) => {
              const [runner] = running.values();
              if (isTold(foreign.octets.length)) runner?.tell({ type: 'foreign', foreign });
            },
          }
        : {}),
    };
  }
}
