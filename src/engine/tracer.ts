/** The one send and receive loop, for any number of traces at once over one transport. */
import type { Outcome, StopReason } from '../model/outcome.ts';
import type { Probe } from '../model/probe.ts';
import type { Reply } from '../model/reply.ts';
import { withPossibleTime } from './arrival-time.ts';
import { classify, type AnonymousAnswer, type ForeignDatagram } from './classify.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Transport } from '../ports/transport.ts';
import type { Trace } from './trace.ts';
import { ReadyQueue } from './ready-queue.ts';
import { TraceIndex } from './trace-index.ts';
import { WakeQueue } from './wake-queue.ts';

/** The pause before a busy system is asked again to send. */
const BUSY_PAUSE_MS = 1;
/** The longest time that traces are served before timers, signals and output have their turn. */
const SLICE_MS = 20;
/**
 * Bounds of the probes that are sent between two looks at what has arrived. The number grows with the traces: a single one
 * sends a hop's usual three.
 */
const LEAST_UNHEARD = 3;
const MOST_UNHEARD = 32;

/** Not a method or closure of the tracer: whoever keeps this function does not keep the tracer and all its traces. */
const doNothing = (): void => undefined;

/** Is told what happens while tracing, as it happens. Called from the loop: be quick, do not throw. */
export interface TraceListener {
  /** A probe left at `atMs`, on the clock's scale. */
  onSent?(trace: Trace, probe: Probe, atMs: number): void;
  /** A reply came too late or twice; it counts for nothing. */
  onIgnored?(trace: Trace, probe: Probe, reply: Reply, why: 'late' | 'duplicate', rttMs: number): void;
  /**
   * A reply was accepted, `rttMs` after its probe had left. Its outcome comes as soon as all probes before it, in the
   * order of TTL and attempt, have theirs.
   */
  onReply?(trace: Trace, probe: Probe, reply: Reply, rttMs: number): void;
  /** The next outcome of a trace, in the order of TTL and attempt. */
  onOutcome(trace: Trace, outcome: Outcome): void;
  /** The target answered without naming a probe. */
  onAnonymous?(trace: Trace, reply: Reply): void;
  /** A trace has ended; all its outcomes were told. */
  onStop?(trace: Trace, reason: StopReason): void;
  /** A datagram arrived that is no reply to any probe. */
  onForeign?(foreign: ForeignDatagram): void;
}

/** Datagrams that arrived besides the accepted replies. */
export interface Counts {
  foreign: number;
  malformed: number;
  late: number;
  duplicate: number;
}

/** The one loop that sends, receives and waits, for all traces of a run. */
export class Tracer {
  /** Counts since the start of the run. */
  readonly counts: Counts = { foreign: 0, malformed: 0, late: 0, duplicate: 0 };
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #listener: TraceListener;
  readonly #index: TraceIndex;
  readonly #running: Set<Trace>;
  /** Traces that may have something to do now. */
  readonly #ready = new ReadyQueue();
  readonly #asleep = new WakeQueue<Trace>();
  /** Probes sent since the last look at what has arrived. */
  #unheard = 0;
  /** The time of that look. */
  #receivedMs = 0;
  #cancelTimer: Cancel = doNothing;
  #timerMs = Infinity;
  #finish: (error?: Error) => void = doNothing;

  /**
   * @param traces - the idents of two traces of one protocol must lie further apart than each of them has probes, because
   * many probe types count up in the ident's field
   */
  constructor(traces: readonly Trace[], transport: Transport, clock: Clock, listener: TraceListener) {
    this.#transport = transport;
    this.#clock = clock;
    this.#listener = listener;
    this.#index = new TraceIndex(traces);
    this.#running = new Set(traces);
    for (const trace of traces) this.#ready.add(trace);
  }

  /** Takes up one more trace: at once while `run` is under way, else when it is called again. */
  add(trace: Trace): void {
    this.#index.add(trace);
    this.#running.add(trace);
    this.#ready.add(trace);
    if (this.#finish !== doNothing) this.#sleep();
  }

  /** Forgets a trace that is over, to save memory: what still answers it counts as foreign. */
  forget(trace: Trace): void {
    if (trace.turn === 'over') this.#index.remove(trace);
  }

  /**
   * Runs until every trace has stopped, or `interrupt` is called. May be called again once traces were added.
   * @throws what the transport throws when a socket fails for good
   */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#finish = (error) => {
        this.#finish = doNothing;
        this.#cancelTimer();
        this.#timerMs = Infinity;
        this.#transport.onReadable(doNothing);
        if (error) reject(error);
        else resolve();
      };
      // the first probes leave before anything else is done
      this.#turn(false);
      if (this.#finish === doNothing) return;
      this.#transport.onReadable(() => {
        this.#turn();
      });
    });
  }

  /** Ends all traces where they are. `onStop` says `interrupted`. */
  interrupt(): void {
    for (const trace of this.#running) this.#stop(trace, 'interrupted');
    this.#finish();
  }

  /** Ends one trace where it is. `onStop` says `interrupted`. Its replies are still heard while other traces run. */
  stop(trace: Trace): void {
    if (trace.turn === 'over') return;
    this.#stop(trace, 'interrupted');
    if (this.#running.size === 0) this.#finish();
  }

  /** Tells one trace that others have shown the path to go on to this TTL. @param isLed - and that it goes no further */
  goOn(trace: Trace, ttl: number, isLed: boolean): void {
    trace.scheduler.goesOnTo(ttl, isLed);
    this.#ready.add(trace);
  }

  /** One turn of the loop: receives, sends what may be sent, and sleeps until there is something to do. */
  #turn(receives = true): void {
    try {
      if (receives) this.#receive();
      const nowMs = this.#clock.nowMs();
      for (const trace of this.#asleep.takeDue(nowMs)) this.#ready.add(trace);
      this.#serve(nowMs);
    } catch (error) {
      this.#finish(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (this.#running.size === 0) this.#finish();
    else this.#sleep();
  }

  /** Lets the ready traces do one thing each in turn, until the slice is over. So their probes interleave. */
  #serve(startMs: number): void {
    for (let nowMs = startMs; nowMs < startMs + SLICE_MS; nowMs = this.#clock.nowMs()) {
      const trace = this.#ready.take();
      if (!trace) return;
      if (this.#step(trace, nowMs)) this.#ready.add(trace);
    }
  }

  /** Does what the trace's scheduler asks for. Returns true when there may be more to do at once. */
  #step(trace: Trace, nowMs: number): boolean {
    const { scheduler } = trace;
    const action = scheduler.next(nowMs);
    this.#publish(trace);
    // the listener may have interrupted
    if (trace.turn === 'over') return false;
    switch (action.do) {
      case 'send':
        return this.#send(trace, action.probe);
      case 'wait':
        this.#asleep.set(trace, action.untilMs);
        return false;
      case 'stop':
        this.#stop(trace, action.reason);
        return false;
    }
  }

  #send(trace: Trace, probe: Probe): boolean {
    const result = this.#transport.send(trace.datagram(probe));
    switch (result.status) {
      case 'sent':
        trace.scheduler.sent(probe, result.atMs);
        this.#listener.onSent?.(trace, probe, result.atMs);
        if (this.#isTimeToListen()) this.#receive();
        return true;
      case 'failed':
        trace.scheduler.sendFailed(probe, result.error, this.#clock.nowMs());
        return true;
      case 'busy':
        this.#asleep.set(trace, this.#clock.nowMs() + BUSY_PAUSE_MS);
        return false;
    }
  }

  /** True once each trace has had its turn or many probes have left; always where receiving stamps the arrivals. */
  #isTimeToListen(): boolean {
    this.#unheard++;
    if (!this.#transport.stampsArrivals) return true;
    return this.#unheard >= Math.min(Math.max(LEAST_UNHEARD, this.#ready.size + 1), MOST_UNHEARD);
  }

  #receive(): void {
    this.#unheard = 0;
    const received = this.#transport.receive();
    if (received.length === 0) return;
    this.#receivedMs = this.#clock.nowMs();
    for (const datagram of received) {
      const classified = classify(datagram, this.#index);
      if ('foreign' in classified) this.#setAside(classified.foreign, classified.answer);
      else if (classified.reply.kind.type !== 'answer')
        this.#accept(classified.trace, classified.probe, classified.reply);
      else this.#acceptAnswer(classified.trace, classified.probe, classified.reply);
    }
  }

  #accept(trace: Trace, probe: Probe, stamped: Reply): void {
    const reply = withPossibleTime(stamped, trace.scheduler.sentAtMs(probe.sequence), this.#receivedMs);
    const acceptance = trace.scheduler.replied(probe.sequence, reply);
    if (acceptance.status === 'accepted') {
      this.#listener.onReply?.(trace, probe, reply, acceptance.rttMs);
      if (trace.turn === 'over') return;
      this.#ready.add(trace);
      // now and not in its turn: thousands of traces would hold the replies of a whole round
      this.#publish(trace);
    } else if (acceptance.status === 'unknown') {
      this.counts.foreign++;
    } else {
      const { status, rttMs } = acceptance;
      this.counts[status]++;
      this.#listener.onIgnored?.(trace, probe, reply, status, rttMs);
    }
  }

  /** Accepts an answer of the target for the probe that it belongs to, if that can be told. */
  #acceptAnswer(trace: Trace, named: Probe | undefined, reply: Reply): boolean {
    const probe = trace.answered(named, reply);
    if (probe) this.#accept(trace, probe, reply);
    // even a duplicate may change what is sent next
    if (trace.spec.schedule.reopens && trace.turn !== 'over') this.#ready.add(trace);
    return probe !== undefined;
  }

  #setAside(foreign: ForeignDatagram, answer?: AnonymousAnswer): void {
    if (answer && this.#acceptAnswer(answer.trace, undefined, answer.reply)) return;
    if (answer && !answer.trace.spec.schedule.reopens)
      this.#listener.onAnonymous?.(answer.trace, answer.reply);
    if (foreign.reason === 'malformed') this.counts.malformed++;
    else this.counts.foreign++;
    this.#listener.onForeign?.(foreign);
  }

  #publish(trace: Trace): void {
    for (const outcome of trace.scheduler.take()) this.#listener.onOutcome(trace, outcome);
  }

  #stop(trace: Trace, reason: StopReason): void {
    trace.turn = 'over';
    this.#running.delete(trace);
    this.#asleep.delete(trace);
    this.#publish(trace);
    this.#listener.onStop?.(trace, reason);
  }

  #sleep(): void {
    const wakeMs = this.#ready.size > 0 ? this.#clock.nowMs() : this.#asleep.nextMs;
    if (wakeMs === this.#timerMs) return;
    this.#cancelTimer();
    this.#timerMs = wakeMs;
    this.#cancelTimer = this.#clock.schedule(wakeMs, () => {
      this.#timerMs = Infinity;
      this.#turn();
    });
  }
}
