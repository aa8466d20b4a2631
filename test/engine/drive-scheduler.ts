/** Runs a scheduler in virtual time against probes whose fates are known. */
import assert from 'node:assert/strict';
import type { SchedulePlan } from '../../src/engine/schedule-plan.ts';
import type { Acceptance } from '../../src/engine/action.ts';
import { Scheduler } from '../../src/engine/scheduler.ts';
import { TransportError } from '../../src/model/errors.ts';
import type { Outcome, StopReason } from '../../src/model/outcome.ts';
import type { Probe } from '../../src/model/probe.ts';
import type { Reply, ReplyKind } from '../../src/model/reply.ts';

/** The fate of a probe; without members it is lost. */
export interface Fate {
  /** The system refuses to send it. */
  readonly failed?: boolean;
  /** The arrivals of its replies, in milliseconds from its sending. */
  readonly repliesMs?: readonly number[];
  readonly kind?: ReplyKind;
}

export interface SentProbe {
  readonly probe: Probe;
  readonly atMs: number;
}

export interface ScheduleRun {
  readonly outcomes: readonly Outcome[];
  /** All probes that `next` asked for, failed ones too. */
  readonly sent: readonly SentProbe[];
  readonly acceptances: Readonly<Record<Acceptance['status'], number>>;
  readonly reason: StopReason;
  readonly endMs: number;
}

/** The family of all runs. What the codes of replies mean in either is tested in test/model. */
export const FAMILY = 4;
export const TIME_EXCEEDED: ReplyKind = { type: 'time-exceeded' };
export const ARRIVED: ReplyKind = { type: 'unreachable', code: 3 };
/** A SYN-ACK. */
export const ACCEPTED: ReplyKind = { type: 'answer', tcp: { state: 'open', ecn: false } };
export const REFUSED: ReplyKind = { type: 'unreachable', code: 13 };

/** A plan of 30 hops of 3 probes that are waited for exactly 1 s. */
export function planOf(changes: Partial<SchedulePlan> = {}): SchedulePlan {
  return {
    firstTtl: 1,
    maxTtl: 30,
    attempts: 3,
    wait: { maxMs: 1000, hereFactor: 0, nearFactor: 0 },
    parallel: 32,
    overlapWaits: false,
    pauseMs: 0,
    resends: false,
    reopens: false,
    stopRule: 'bsd',
    ...changes,
  };
}

export const ADAPTIVE = { maxMs: 5000, hereFactor: 3, nearFactor: 10 } as const;

export function replyOf(kind: ReplyKind, atMs: number): Reply {
  return {
    responder: '192.0.2.1',
    kind,
    length: 56,
    octets: new Uint8Array(),
    hasHeader: false,
    mpls: [],
    extensions: [],
    atMs,
    precision: 'user',
  };
}

/** More turns for each probe than any run takes. */
const TURNS_PER_PROBE = 50;

/**
 * Runs a scheduler to its end.
 * @param onSend - told of each send before it happens
 */
export function drive(
  plan: SchedulePlan,
  fateOf: (probe: Probe) => Fate,
  onSend?: (sent: SentProbe) => void,
): ScheduleRun {
  const scheduler = new Scheduler(FAMILY, plan);
  const outcomes: Outcome[] = [];
  const sent: SentProbe[] = [];
  const acceptances = { accepted: 0, late: 0, duplicate: 0, unknown: 0 };
  let arriving: { readonly sequence: number; readonly reply: Reply }[] = [];
  let nowMs = 0;
  const turns = TURNS_PER_PROBE * (plan.maxTtl - plan.firstTtl + 2) * plan.attempts;
  for (let turn = 0; turn < turns; turn++) {
    const action = scheduler.next(nowMs);
    assert.deepEqual(scheduler.next(nowMs), action);
    outcomes.push(...scheduler.take());
    if (action.do === 'stop') return { outcomes, sent, acceptances, reason: action.reason, endMs: nowMs };
    if (action.do === 'send') {
      const { probe } = action;
      const { failed = false, repliesMs = [], kind = TIME_EXCEEDED } = fateOf(probe);
      onSend?.({ probe, atMs: nowMs });
      sent.push({ probe, atMs: nowMs });
      if (failed) scheduler.sendFailed(probe, new TransportError('EMSGSIZE', 'Message too long'), nowMs);
      else scheduler.sent(probe, nowMs);
      const replies = repliesMs.map((afterMs) => replyOf(kind, nowMs + afterMs));
      arriving.push(...replies.map((reply) => ({ sequence: probe.sequence, reply })));
      continue;
    }
    const nextReplyMs = Math.min(...arriving.map(({ reply }) => reply.atMs));
    assert.ok(action.untilMs > nowMs, 'a wait ends in the future');
    nowMs = Math.min(action.untilMs, nextReplyMs);
    for (const { sequence, reply } of arriving.filter(({ reply: { atMs } }) => atMs <= nowMs)) {
      acceptances[scheduler.replied(sequence, reply).status]++;
    }
    arriving = arriving.filter(({ reply }) => reply.atMs > nowMs);
  }
  throw new Error(`the run has not ended after ${turns} turns, at ${nowMs} ms`);
}

/** The outcomes and the end of a run as a transcript prints them, without times. */
export function summaryOf({ outcomes, reason }: ScheduleRun): readonly unknown[] {
  const lines = outcomes.map((outcome) => [
    outcome.probe.ttl,
    outcome.probe.attempt,
    outcome.probe.sequence,
    outcome.status === 'replied' ? outcome.reply.kind : outcome.status,
  ]);
  return [...lines, reason];
}

/** A path whose hop `length` is the target, with this RTT for each hop on the way. */
export function pathOf(
  length: number,
  msPerHop = 10,
  silent: readonly number[] = [],
): (probe: Probe) => Fate {
  return ({ ttl }) => {
    if (silent.includes(ttl)) return {};
    const hop = Math.min(ttl, length);
    return { repliesMs: [hop * msPerHop], kind: ttl >= length ? ARRIVED : TIME_EXCEEDED };
  };
}
