/** A matrix: the replies to several traces to one target, by hop and column. Each column is one probe. */
import { type Address, type Family } from '../model/address.ts';
import type { TransportError } from '../model/errors.ts';
import type { MatrixProbe } from '../model/plan.ts';
import type { ProbeTraits } from '../model/probe-traits.ts';
import type { ReplyKind, StackMarks } from '../model/reply.ts';

/** One reply in a cell. */
export interface CellReply {
  readonly responder: Address;
  readonly kind: ReplyKind;
  readonly rttMs: number;
  /** TTL or hop limit on arrival, where the system tells it. */
  readonly ttl?: number;
  /** The destination in the quote, where a box on the way had changed it. */
  readonly translatedTo?: Address;
  /** What its headers tell of the target's system; absent on time exceeded. */
  readonly marks?: StackMarks;
  /** An error that only says that the TTL has ended: the router passes such probes on. */
  readonly isMisspoken?: true;
}

/** Tells whether a reply is that of a router at which the TTL has ended. */
export function isTransit({ kind, isMisspoken }: CellReply): boolean {
  return kind.type === 'time-exceeded' || isMisspoken === true;
}

/** The reply to one attempt; null: none so far. */
export type CellAttempt = CellReply | null;

/** The probe of a column, with the traits of its kind. */
export interface ColumnProbe extends MatrixProbe {
  readonly traits: ProbeTraits;
  /** The IP protocol of its packets, 1 to 255. */
  readonly protocol: number;
  /** The port it is sent to; of no meaning where its type has no ports. */
  readonly port: number;
  /** The port that all its probes leave from; absent where it has none, or each probe has one of its own. */
  readonly sourcePort?: number;
}

/** One column: a probe, and what came back for it. */
export interface MatrixColumn extends ColumnProbe {
  /** By TTL, the attempts in the order sent. A TTL without attempts is not there. */
  readonly cells: ReadonlyMap<number, readonly CellAttempt[]>;
  /** Answers of the target that do not tell which probe they are for. */
  readonly anonymous: readonly CellReply[];
  /**
   * The name of the column whose refusal this one may share: the router's rate limit kept what it had to say of this one,
   * at one probe a second too. Absent where silence has ruled that out.
   */
  readonly likelyRefusedAs?: string;
  /**
   * Its probes were lost in a burst while other kinds passed, and it was asked again at one a second: something limits the
   * rate of its kind, at this hop or nearer.
   */
  readonly policedBefore?: number;
  /** The run was interrupted while there was more to ask for it. */
  readonly isUnfinished?: true;
  /** The system's error, where this machine sent none of its probes. */
  readonly refusedHere?: TransportError;
}

/** The columns of one run, all to one target. */
export interface Matrix {
  readonly family: Family;
  readonly target: Address;
  readonly columns: readonly MatrixColumn[];
}

/** The replies in a cell, without the attempts that have none. */
export function repliesAt({ cells }: MatrixColumn, ttl: number): readonly CellReply[] {
  return (cells.get(ttl) ?? []).filter((attempt) => attempt !== null);
}

/** The TTLs of a column, in their order. */
export function ttlsOf({ cells }: MatrixColumn): readonly number[] {
  return [...cells.keys()].sort((a, b) => a - b);
}
