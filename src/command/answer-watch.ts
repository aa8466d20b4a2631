/** Watches a trace for what contradicts the answer in the target's name that it ends with. */
import { sameHost } from '../model/address.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Probe } from '../model/probe.ts';
import type { Reply } from '../model/reply.ts';
import type { TraceEvent } from '../measure/trace-event.ts';
import { UNDOUBTED, type AnswerReport } from '../render/renderer.ts';
import type { WatchedTrace } from './answer-report.ts';

/** A reply to a trace, whether it counted or not. */
export interface HeardReply {
  readonly probe: Probe;
  readonly reply: Reply;
  readonly rttMs: number;
}

/** Keeps what one trace hears. */
export class AnswerWatch {
  readonly #trace: WatchedTrace;
  readonly #heard: HeardReply[] = [];
  #furthestSent = 0;
  /** The hop of the answer. */
  #hop: number | undefined;

  constructor(trace: WatchedTrace) {
    this.#trace = trace;
  }

  /** Takes note of an event. */
  watch(event: TraceEvent): void {
    switch (event.type) {
      case 'sent':
        this.#furthestSent = Math.max(this.#furthestSent, event.probe.ttl);
        break;
      case 'reply':
      case 'ignored':
        this.#heard.push({ probe: event.probe, reply: event.reply, rttMs: event.rttMs });
        break;
      case 'outcome':
        if (this.#isAnswer(event.outcome)) this.#hop = event.outcome.probe.ttl;
        break;
      default:
    }
  }

  /** The trace has an answer whose sender something may contradict. */
  get hasAnswer(): boolean {
    return this.#hop !== undefined;
  }

  /** Probes went further than the answer, so that the next replies may contradict it. */
  get mayHearMore(): boolean {
    return this.#hop !== undefined && this.#furthestSent > this.#hop;
  }

  /** What speaks against the answer, by all that was heard so far. @param isFull - with what contradicts it by no means */
  report(isFull: boolean): AnswerReport | Promise<AnswerReport> {
    const hop = this.#hop;
    if (hop === undefined || !(isFull || this.#hasRouterBeyond(hop))) return UNDOUBTED;
    return import('./answer-report.ts').then(({ answerReport }) =>
      answerReport(hop, this.#heard, this.#trace),
    );
  }

  #isAnswer(outcome: Outcome): boolean {
    if (outcome.status !== 'replied') return false;
    const { kind, responder } = outcome.reply;
    return kind.type === 'answer' && kind.tcp !== undefined && sameHost(responder, this.#target);
  }

  #hasRouterBeyond(hop: number): boolean {
    return this.#heard.some(
      ({ probe, reply: { kind, responder } }) =>
        probe.ttl >= hop && kind.type === 'time-exceeded' && !sameHost(responder, this.#target),
    );
  }

  get #target(): string {
    return this.#trace.start.endpoints.target;
  }
}
