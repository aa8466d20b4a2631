/** The plan of one trace's schedule: what to send and how long to wait. */
import type { StopRule } from '../model/stop-rule.ts';
import { MAX_SEQUENCE } from '../wire/codes.ts';
import type { WaitPolicy } from './wait.ts';

/** The plan that a scheduler carries out. */
export interface SchedulePlan {
  /** 1 to 255, like `maxTtl`, which is not below it. */
  readonly firstTtl: number;
  readonly maxTtl: number;
  /** Probes for each TTL, at least 1. */
  readonly attempts: number;
  readonly wait: WaitPolicy;
  /** The most probes in flight at once; 1 is stop-and-wait. */
  readonly parallel: number;
  /** True: an overdue probe makes room for another one although it is still waited for. */
  readonly overlapWaits: boolean;
  /** The least time between two sends; 0 for none. */
  readonly pauseMs: number;
  /** True: probes that a hop's rate limit swallowed are sent again, more slowly, once each and at most `wait.maxMs` later. */
  readonly resends: boolean;
  /** True: all probes ask for one and the same connection. Those that it keeps from an answer are sent again. */
  readonly reopens: boolean;
  readonly stopRule: StopRule;
  /** True: after the target's answer it is listened on for a while, to hear whether routers further on contradict it. */
  readonly listensOn?: boolean;
  /** So many silent hops in a row end the trace, at least 1; absent: no number does. */
  readonly gapLimit?: number;
  /**
   * The hops beyond the furthest answer that are probed before a router there has had the time to tell that it does not
   * find the target; absent: as many as the window has room for.
   */
  readonly hopsAhead?: number;
}

/** The number of probes of a plan, not counting what is sent again. */
export function probeCount({ firstTtl, maxTtl, attempts }: ProbeRange): number {
  return (maxTtl - firstTtl + 1) * attempts;
}

/** The most sendings of a probe that shares its connection with others: its own, a repeated one, and one alone. */
const MOST_SHARED = 3;

/** The number of sequences that a plan may use up, from 1 on; at most 65535 where it sends again. */
export function sequenceCount(plan: ProbeRange & Pick<SchedulePlan, 'resends' | 'reopens'>): number {
  const probes = probeCount(plan);
  const times = plan.reopens ? MOST_SHARED : plan.resends ? 2 : 1;
  return times === 1 ? probes : Math.min(times * probes, MAX_SEQUENCE);
}

type ProbeRange = Pick<SchedulePlan, 'firstTtl' | 'maxTtl' | 'attempts'>;
