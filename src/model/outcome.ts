/** The possible ends of probes and of traces. */
import type { TransportError } from './errors.ts';
import type { Probe } from './probe.ts';
import type { Reply } from './reply.ts';
import type { Reach } from './stop-rule.ts';

/** The end of one probe. `rttMs` counts from its sending to its reply. */
export type Outcome =
  | {
      readonly status: 'replied';
      readonly probe: Probe;
      readonly reply: Reply;
      readonly rttMs: number;
      /** `refused` too where a router answered in the target's place, as far as the hops up to this one show it. */
      readonly reach: Reach;
    }
  | { readonly status: 'timed-out'; readonly probe: Probe }
  | { readonly status: 'send-failed'; readonly probe: Probe; readonly error: TransportError };

/**
 * The reason for the end of a trace. `reached`: the target answered. `refused`: a hop was refused often enough, or a router
 * answered in the target's place. `gap`: as many hops in a row were silent as the user allows. `max-ttl`: the largest TTL
 * is done. `interrupted`: the user or the program stopped it.
 */
export type StopReason = 'reached' | 'refused' | 'gap' | 'max-ttl' | 'interrupted';
