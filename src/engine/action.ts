/** What a scheduler asks for, and what it makes of a reply. */
import type { StopReason } from '../model/outcome.ts';
import type { Probe } from '../model/probe.ts';

/** The next thing to do. */
export type Action =
  | { readonly do: 'send'; readonly probe: Probe }
  /** Nothing to do before `untilMs`, save when a reply comes. */
  | { readonly do: 'wait'; readonly untilMs: number }
  | { readonly do: 'stop'; readonly reason: StopReason };

/**
 * The worth of a reply: only an accepted one is an outcome. `rttMs` counts from the sending that the reply answers.
 */
export type Acceptance =
  | { readonly status: 'accepted' | 'late' | 'duplicate'; readonly rttMs: number }
  /** No probe left under this sequence. */
  | { readonly status: 'unknown' };
