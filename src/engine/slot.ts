/** One probe of a trace from its sending to its outcome. */
import type { TransportError } from '../model/errors.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Probe } from '../model/probe.ts';
import type { Reply } from '../model/reply.ts';

export type Slot = { readonly probe: Probe; readonly sentAtMs: number } & (
  | { readonly state: 'waiting' | 'given-up' }
  | { readonly state: 'replied'; readonly reply: Reply; readonly rttMs: number }
  | { readonly state: 'failed'; readonly error: TransportError }
);

/** What the slot amounts to, or undefined while its reply is still waited for. */
export function outcomeOf(slot: Slot): Outcome | undefined {
  const { probe } = slot;
  switch (slot.state) {
    case 'waiting':
      return undefined;
    case 'given-up':
      return { status: 'timed-out', probe };
    case 'replied':
      return { status: 'replied', probe, reply: slot.reply, rttMs: slot.rttMs };
    case 'failed':
      return { status: 'send-failed', probe, error: slot.error };
  }
}
