/** What speaks against an answer in the target's name being the target's. */
import type { Address } from '../model/address.ts';
import type { MatrixColumn } from './matrix.ts';
import type { SharedPath } from './shared-path.ts';

/** A router answers at the hop of the answer or further on: the target is further away than the answer says. */
export interface RouterBeyond {
  readonly type: 'router beyond';
  readonly column: MatrixColumn;
  /** The furthest such hop. */
  readonly ttl: number;
  readonly from: Address;
  readonly path: SharedPath;
}

/** The target answers another column further on alone. */
interface TargetBeyond {
  readonly type: 'target beyond';
  readonly column: MatrixColumn;
  readonly ttl: number;
  readonly path: SharedPath;
}

/** The answer has come over another number of routers than another of the target's answers. TTLs as they arrived. */
interface ArrivalTtl {
  readonly type: 'arrival ttl';
  readonly column: MatrixColumn;
  readonly own: number;
  readonly other: number;
  /** True where `other` is that of the last router: the answer has come over no more routers, or over far too many. */
  readonly isRouter: boolean;
}

/** The answer has come sooner than another of the target's answers, and as soon as the last router's. Milliseconds. */
interface RoundTrip {
  readonly type: 'round trip';
  readonly column: MatrixColumn;
  readonly own: number;
  readonly other: number;
}

/** Its TCP is another one than that of another of the target's answers. */
interface OtherStack {
  readonly type: 'stack';
  readonly column: MatrixColumn;
  readonly field: 'mss' | 'window' | 'options' | 'dontFragment';
}

/** It comes from another address than the target's. */
interface OtherAddress {
  readonly type: 'other address';
  readonly column?: undefined;
  readonly from: Address;
}

/** Other probes of the column got another answer. */
interface Unsteady {
  readonly type: 'unsteady';
  readonly column: MatrixColumn;
  readonly ttl: number;
  readonly from: Address;
}

/** Shows that something else has answered. */
export type Contradiction = RouterBeyond | TargetBeyond;

/** A reason to doubt an answer, by itself or with others. */
export type Doubt = Contradiction | ArrivalTtl | RoundTrip | OtherStack | OtherAddress | Unsteady;

/** Tells whether a doubt shows by itself that the answer came from somewhere nearer. */
export function isContradiction(doubt: Doubt): doubt is Contradiction {
  return doubt.type === 'router beyond' || doubt.type === 'target beyond';
}
