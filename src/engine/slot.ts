/** One probe of a trace from its sending to its outcome. */
import type { TransportError } from '../model/errors.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Probe } from '../model/probe.ts';
import type { Reply, ReplyKind } from '../model/reply.ts';
import type { Progress } from '../model/stop-rule.ts';

export type Slot = {
  readonly probe: Probe;
  readonly sentAtMs: number;
  /** It was sent before, to no answer. */
  readonly isResent?: true | undefined;
} & (
  | { readonly state: 'waiting' | 'given-up' }
  | {
      readonly state: 'replied';
      readonly progress: Progress;
      readonly rttMs: number;
      /** It accepted a connection. */
      readonly opens: boolean;
      /** Undefined once its outcome was taken: thousands of traces are not to hold all octets they ever received. */
      reply: Reply | undefined;
    }
  | { readonly state: 'failed'; readonly error: TransportError }
);

/** Whether a connection was accepted. */
export function isAcceptance(kind: ReplyKind): boolean {
  return kind.type === 'answer' && kind.tcp?.state === 'open';
}

/** Takes out what the slot amounts to, once; undefined while its reply is still waited for. */
export function takeOutcome(slot: Slot): Outcome | undefined {
  const { probe } = slot;
  switch (slot.state) {
    case 'waiting':
      return undefined;
    case 'given-up':
      return { status: 'timed-out', probe };
    case 'replied': {
      const { reply, rttMs } = slot;
      slot.reply = undefined;
      return reply && { status: 'replied', probe, reply, rttMs };
    }
    case 'failed':
      return { status: 'send-failed', probe, error: slot.error };
  }
}
