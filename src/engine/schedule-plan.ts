/** What one trace sends and how long it waits, and how many sequences that takes. */
import type { StopRule } from '../model/stop-rule.ts';
import { MAX_SEQUENCE } from '../wire/codes.ts';
import type { WaitPolicy } from './wait.ts';

export interface SchedulePlan {
  /** 1 to 255, like `maxTtl`, which is not below it. */
  readonly firstTtl: number;
  readonly maxTtl: number;
  /** Probes a TTL, at least 1. */
  readonly attempts: number;
  readonly wait: WaitPolicy;
  /** How many unanswered probes there may be at once; 1 is stop-and-wait. */
  readonly parallel: number;
  /** Whether a probe that is overdue, though still waited for, makes room for another. */
  readonly overlapWaits: boolean;
  /** Least time between two sends. */
  readonly pauseMs: number;
  /** Whether what a hop's rate limit swallowed is sent again, more slowly: a probe once, at most `wait.maxMs` later. */
  readonly resends: boolean;
  /** Whether all probes ask for one and the same connection, so that those after the first accepted one are sent again. */
  readonly reopens: boolean;
  readonly stopRule: StopRule;
}

/** How many probes a plan has, whatever is sent again. */
export function probeCount({ firstTtl, maxTtl, attempts }: ProbeRange): number {
  return (maxTtl - firstTtl + 1) * attempts;
}

/** How many sequences a plan may use up, from 1 on. */
export function sequenceCount(plan: ProbeRange & Pick<SchedulePlan, 'resends' | 'reopens'>): number {
  const probes = probeCount(plan);
  return plan.resends || plan.reopens ? Math.min(2 * probes, MAX_SEQUENCE) : probes;
}

type ProbeRange = Pick<SchedulePlan, 'firstTtl' | 'maxTtl' | 'attempts'>;
