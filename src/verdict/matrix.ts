/** A matrix: the replies of several traces to one target, one column a probe, hop by hop. */
import { withoutZone, type Address, type Family } from '../model/address.ts';
import type { TransportError } from '../model/errors.ts';
import type { MatrixProbe } from '../model/plan.ts';
import type { ReplyKind } from '../model/reply.ts';

/** One reply of a cell. */
export interface CellReply {
  readonly responder: Address;
  readonly kind: ReplyKind;
  readonly rttMs: number;
  /** TTL or hop limit on arrival, where the system tells it. */
  readonly ttl?: number;
}

/** What became of one attempt; null: no reply, so far. */
export type CellAttempt = CellReply | null;

export interface MatrixColumn extends MatrixProbe {
  /** By TTL, the attempts in the order sent; what was not sent is not there. */
  readonly cells: ReadonlyMap<number, readonly CellAttempt[]>;
  /** Answers of the target that do not tell which probe they answer. */
  readonly anonymous: readonly CellReply[];
  /** Why this machine sent none of its probes. */
  readonly refusedHere?: TransportError;
}

export interface Matrix {
  readonly family: Family;
  readonly target: Address;
  readonly columns: readonly MatrixColumn[];
}

/** The replies of a cell. */
export function repliesAt({ cells }: MatrixColumn, ttl: number): readonly CellReply[] {
  return (cells.get(ttl) ?? []).filter((attempt) => attempt !== null);
}

/** The TTLs of a column in their order. */
export function ttlsOf({ cells }: MatrixColumn): readonly number[] {
  return [...cells.keys()].sort((a, b) => a - b);
}

/** Whether two addresses are one, whatever their zones. */
export function sameHost(a: Address, b: Address): boolean {
  return withoutZone(a) === withoutZone(b);
}
