/** Verdicts: what a matrix proves of each of its probes, with the evidence. */
import type { Address } from '../model/address.ts';
import type { TransportError } from '../model/errors.ts';
import type { CellReply, MatrixColumn } from './matrix.ts';
import { seenAt, type ColumnEnd, type ColumnFacts, type MatrixFacts, type Witness } from './facts.ts';
import { groupsAt } from './paths.ts';

export type VerdictState =
  /** The target's port answers. */
  | 'open'
  /** The target's port refuses. */
  | 'closed'
  /** The target answers, where there is no port to be open. */
  | 'reached'
  /** Somebody answered in the target's place. */
  | 'rejected'
  /** Gone between two hops, without a word. */
  | 'dropped'
  /** Passes the last router; the target is mute. */
  | 'silent'
  /** Nothing beyond answers anything. */
  | 'unknown'
  /** This machine did not send it. */
  | 'blocked here';

/** `certain`: the reply itself says so; `high`: accidents are ruled out; `low`: read it as a hint. */
type Confidence = 'certain' | 'high' | 'low';

/** A place on the path; without an address where nobody knows it. */
export interface HopAt {
  readonly ttl: number;
  readonly address?: Address;
}

/** One probe that a verdict rests on, and who answered it; null: nobody. */
export interface Evidence {
  readonly probe: string;
  readonly ttl: number;
  /** Its place in the cell, from 0. */
  readonly attempt: number;
  readonly from: Address | null;
}

/** What a verdict says beyond its state. */
type Ground =
  | { readonly type: 'answer'; readonly hop?: number; readonly reply: CellReply }
  | {
      readonly type: 'refusal';
      readonly reply: CellReply;
      readonly fromTarget: boolean;
      readonly isSeen: boolean;
    }
  | { readonly type: 'forged'; readonly end: ColumnEnd; readonly witness: Witness }
  | {
      readonly type: 'missing';
      readonly witnesses: readonly MatrixColumn[];
      readonly contrast?: MatrixColumn;
    }
  | {
      readonly type: 'mute';
      readonly lastHop: number;
      readonly targetHop: number;
      /** What differs from this probe in one thing, and is answered. */
      readonly contrast?: MatrixColumn;
    }
  | { readonly type: 'dark'; readonly lastHop: number }
  | { readonly type: 'unsent'; readonly error: TransportError };

export interface Verdict {
  readonly column: MatrixColumn;
  readonly state: VerdictState;
  /** The last hop that answered this probe. */
  readonly after?: HopAt;
  /** The next hop that answered others. */
  readonly before?: HopAt;
  /** Who rejects it. */
  readonly by?: HopAt;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
  readonly ground: Ground;
}

/** Whether the probe got through: what decides the exit status. */
export function getsThrough({ state }: Verdict): boolean {
  return state === 'open' || state === 'closed' || state === 'reached';
}

/** A hop and its address: as this column saw it, else as most columns did. */
export function hopAt(ttl: number, facts: MatrixFacts, column?: ColumnFacts): HopAt {
  const own = column && seenAt(column, ttl)[0]?.responder;
  const address = own ?? groupsAt(facts, ttl)[0]?.responders[0];
  return { ttl, ...(address === undefined ? {} : { address }) };
}
