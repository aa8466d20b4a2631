/** What became of a probe. */
import type { TransportError } from './errors.ts';
import type { Probe } from './probe.ts';
import type { Reply } from './reply.ts';

export type Outcome =
  | { readonly status: 'replied'; readonly probe: Probe; readonly reply: Reply; readonly rttMs: number }
  | { readonly status: 'timed-out'; readonly probe: Probe }
  | { readonly status: 'send-failed'; readonly probe: Probe; readonly error: TransportError };

/** Why a trace ended. */
export type StopReason = 'reached' | 'refused' | 'max-ttl' | 'interrupted';
