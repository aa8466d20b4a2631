/** One probe of a trace from its sending to its outcome. */
import type { Address } from '../model/address.ts';
import type { Claim } from '../model/answers.ts';
import type { TransportError } from '../model/errors.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Probe } from '../model/probe.ts';
import type { Reply, ReplyKind } from '../model/reply.ts';
import { TCP_FLAG } from '../wire/codes.ts';
import type { Reach } from '../model/stop-rule.ts';

interface SlotBase {
  /** The probe as it was sent last. */
  readonly probe: Probe;
  /** The time of its last sending, on the clock's scale. */
  readonly sentAtMs: number;
  /** It was sent before, to no answer. */
  readonly isResent?: true | undefined;
  /** Its first sending, where it was sent again: that one may still be answered. */
  readonly earlier?: Sending | undefined;
}

/** One sending of a probe, and when it left, on the clock's scale. */
export interface Sending {
  readonly probe: Probe;
  readonly sentAtMs: number;
}

/** A probe that is still waited for. */
export interface WaitingSlot extends SlotBase {
  readonly state: 'waiting';
}

/** A probe whose reply was accepted. */
export interface RepliedSlot extends SlotBase {
  readonly state: 'replied';
  readonly reach: Reach;
  readonly responder: Address;
  /** Whose word it is, where the reach is `arrived`. */
  readonly claim: Claim;
  readonly rttMs: number;
  /** The target accepted a connection. */
  readonly opens: boolean;
  /** Undefined once its outcome was taken: thousands of traces must not hold all octets they ever received. */
  reply: Reply | undefined;
}

/** A probe of a trace, by what is known of it. */
export type Slot =
  | WaitingSlot
  | RepliedSlot
  | (SlotBase & { readonly state: 'given-up' })
  | (SlotBase & { readonly state: 'failed'; readonly error: TransportError });

/** The time of a slot's first sending. */
export function firstSentMs({ earlier, sentAtMs }: Slot): number {
  return earlier?.sentAtMs ?? sentAtMs;
}

/** The sending of a slot that had this sequence: the first one did leave, whatever became of the second. */
export function sendingOf(slot: Slot, sequence: number): Sending {
  return slot.probe.sequence === sequence ? slot : (slot.earlier ?? slot);
}

/** True when a reply accepts a connection. */
function acceptsConnection(kind: ReplyKind): boolean {
  return kind.type === 'answer' && kind.tcp?.state === 'open';
}

/** True when a reply is a TCP segment that acknowledges, and neither accepts nor refuses a connection. */
export function isBareAck(kind: ReplyKind): boolean {
  return kind.type === 'answer' && kind.tcp?.state === 'other' && (kind.tcp.flags & TCP_FLAG.ack) !== 0;
}

/** The time from a sending to its reply, in milliseconds. The stamps of both may be some microseconds off. */
export function rttOf({ atMs }: Reply, { sentAtMs }: Sending): number {
  return Math.max(0, atMs - sentAtMs);
}

/**
 * The slot once a reply to one of its sendings was accepted. Written out member by member: to spread a slot takes V8 as
 * long as all the rest that is done for a reply.
 */
export function repliedSlot(
  { isResent, earlier }: Slot,
  sending: Sending,
  reply: Reply,
  reach: Reach,
  claim: Claim,
): RepliedSlot {
  return {
    probe: sending.probe,
    sentAtMs: sending.sentAtMs,
    isResent,
    earlier,
    state: 'replied',
    reach,
    responder: reply.responder,
    claim,
    rttMs: rttOf(reply, sending),
    opens: acceptsConnection(reply.kind),
    reply,
  };
}

/**
 * Takes the outcome out of a slot, once; undefined while its reply is still waited for.
 * @param reach - of its reply
 */
export function takeOutcome(slot: Slot, reach: Reach): Outcome | undefined {
  const { probe } = slot;
  switch (slot.state) {
    case 'waiting':
      return undefined;
    case 'given-up':
      return { status: 'timed-out', probe };
    case 'replied': {
      const { reply, rttMs } = slot;
      slot.reply = undefined;
      return reply && { status: 'replied', probe, reply, rttMs, reach };
    }
    case 'failed':
      return { status: 'send-failed', probe, error: slot.error };
  }
}
