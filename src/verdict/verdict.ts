/** A verdict: what a matrix proves of one of its probes, and the evidence for it. */
import type { Address } from '../model/address.ts';
import type { TransportError } from '../model/errors.ts';
import type { ArrivedState } from '../model/probe-traits.ts';
import type { CellReply, MatrixColumn } from './matrix.ts';
import type { Contradiction, Doubt } from './doubt.ts';
import { seenAt, type ColumnEnd, type ColumnFacts, type MatrixFacts } from './facts.ts';
import type { Forwarding } from './forwarding.ts';
import type { Loop } from './loop.ts';
import { groupsAt } from './paths.ts';

/**
 * `certain`: this machine knows it by itself; `high`: accidents are ruled out, but not a box that takes pains to deceive;
 * `low`: a hint, no more.
 */
export type Confidence = 'certain' | 'high' | 'low';

/** A place on the path. The address is absent where nobody knows it. */
export interface HopAt {
  readonly ttl: number;
  readonly address?: Address;
}

/** One probe that a verdict rests on, and who answered it; null: nobody. */
export interface Evidence {
  /** The name of its column. */
  readonly probe: string;
  readonly ttl: number;
  /** Its place in the cell, from 0. */
  readonly attempt: number;
  readonly from: Address | null;
}

/** The target answered. */
interface Answer {
  readonly type: 'answer';
  /** The target's hop; absent where the answer does not tell which probe it answers. */
  readonly hop?: number;
  /** The target may be nearer: no smaller TTL was tried. */
  readonly isBound?: boolean;
  readonly reply: CellReply;
  /** What speaks against its being the target's, the strongest first. */
  readonly doubts: readonly Doubt[];
}

/** The target's address is that of a box, which sends the probe on to a host behind it. */
interface Forwarded {
  readonly type: 'forwarded';
  readonly forwarding: Forwarding;
  /** The box. */
  readonly by: HopAt;
  /** The answer that came from behind it, and its state; absent where none did. */
  readonly answer?: { readonly end: ColumnEnd; readonly state: ArrivedState };
}

/** Routers send the probe round and round. */
interface Circle {
  readonly type: 'loop';
  readonly loop: Loop;
}

/** Somebody refused the probe by an ICMP error. */
export interface Refusal {
  readonly type: 'refusal';
  readonly reply: CellReply;
  /** Who sent the error: the hop that has its address, or else the hop that the probe was sent to. */
  readonly by: HopAt;
  readonly fromTarget: boolean;
  /** The sender was seen at `by`; otherwise it is there or nearer. */
  readonly isSeen: boolean;
  /** The error says that the target cannot be found, and no column shows that it can: no filter is to blame. */
  readonly isLost: boolean;
}

/** Something nearer than the target answered in its name. */
interface Forgery {
  readonly type: 'forged';
  readonly end: ColumnEnd;
  /** What shows it, the strongest first. */
  readonly doubts: readonly [Contradiction, ...Doubt[]];
  /** The target's hop, where that is known. */
  readonly targetHop?: number;
  /** The last hop that answered this probe; absent: this machine. */
  readonly after?: HopAt;
  /** The hop at which the answer came. */
  readonly before: HopAt;
}

/** The probe is lost between two hops. */
interface Gap {
  readonly type: 'missing';
  /** The last hop that answered this probe; absent: this machine. */
  readonly after?: HopAt;
  /** The next hop, which answered others. */
  readonly before: HopAt;
  /** The columns that `before` answered. */
  readonly witnesses: readonly MatrixColumn[];
  /** True where `before` answered probes of this one's kind. Else it may answer none such. */
  readonly isOfOneKind: boolean;
  /** True where what was answered at first was not any more: this run may have closed the way by itself. */
  readonly isCutOff: boolean;
  /** The witness that differs from this probe in one thing: whether it opens a connection. */
  readonly contrast?: MatrixColumn;
}

/** Only the target could still answer, and does not. */
interface Muteness {
  readonly type: 'mute';
  /** The last hop that answered this probe; absent: this machine. */
  readonly after?: HopAt;
  /** Where the target answered others; absent where this probe got further than that. */
  readonly before?: HopAt;
  readonly targetHop: number;
  /** As in `missing`. */
  readonly isCutOff: boolean;
  /** As in `missing`. */
  readonly contrast?: MatrixColumn;
}

/** No hop beyond answers any probe. */
interface Darkness {
  readonly type: 'dark';
  /** The last hop that answered this probe; absent where none did. */
  readonly after?: HopAt;
  /** True where no probe was sent further than that. */
  readonly isLimit: boolean;
  /** Another column, which was told that the target cannot be found. */
  readonly lost?: { readonly column: MatrixColumn; readonly refusal: Refusal };
}

/** The router that has refused another column has not told of this one, at one probe a second either. */
interface LikelyRefusal {
  readonly type: 'likely-refusal';
  readonly like: MatrixColumn;
  readonly refusal: Refusal;
  /** The last hop that answered this probe; absent: this machine. */
  readonly after?: HopAt;
}

/** Something at `before` or nearer passes such probes only at a low rate. */
interface Policing {
  readonly type: 'policed';
  readonly after?: HopAt;
  readonly before: HopAt;
}

/** The run was interrupted before it was settled. */
interface Unfinished {
  readonly type: 'unfinished';
  readonly after?: HopAt;
}

/** This machine did not send it. */
interface Unsent {
  readonly type: 'unsent';
  readonly error: TransportError;
}

/** A state and what it rests on. */
type Finding =
  /** The target's port answers, or refuses; or the target answers where there is no port to be open. */
  | { readonly state: ArrivedState; readonly ground: Answer }
  /** The target's box sends it on. */
  | { readonly state: 'forwarded'; readonly ground: Forwarded }
  /** Somebody answered in the target's place. */
  | { readonly state: 'rejected'; readonly ground: Refusal | Forgery | LikelyRefusal }
  /** The last router says that the target is not there. */
  | { readonly state: 'host unreachable'; readonly ground: Refusal | Darkness }
  /** It goes round between routers. */
  | { readonly state: 'loop'; readonly ground: Circle }
  /** Gone between two hops, without a word. */
  | { readonly state: 'dropped'; readonly ground: Gap }
  /** It passes the last router, and the target is mute. */
  | { readonly state: 'silent'; readonly ground: Muteness }
  /** Nothing beyond answers anything. */
  | { readonly state: 'unknown'; readonly ground: Darkness | Unfinished }
  /** It passes at a low rate only. */
  | { readonly state: 'rate-limited'; readonly ground: Policing }
  /** This machine did not send it. */
  | { readonly state: 'blocked here'; readonly ground: Unsent };

/** The verdict on one column. */
export type Verdict = Finding & {
  readonly column: MatrixColumn;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
};

/** All states that a verdict can have. */
export type VerdictState = Verdict['state'];

/** What a verdict of one kind rests on. */
export type GroundOf<Type extends Verdict['ground']['type']> = Extract<
  Verdict['ground'],
  { readonly type: Type }
>;

/** The grounds of verdicts that no answer settles, nor any silence. */
export type UnsettledGround = GroundOf<'unfinished' | 'likely-refusal' | 'policed'>;

/** Tells whether the probe got through, which decides the exit status. */
export function getsThrough({ state, ground }: Pick<Verdict, 'state' | 'ground'>): boolean {
  if (ground.type === 'forwarded') return ground.answer !== undefined;
  return state === 'open' || state === 'closed' || state === 'reached';
}

/** The hops that a verdict names, as far as its ground has them. */
export interface Places {
  readonly after?: HopAt;
  readonly before?: HopAt;
  readonly by?: HopAt;
}

/** Reads the hops out of a verdict's ground, whichever it is: for output that has a field for each. */
export function placesOf({ ground }: Pick<Verdict, 'ground'>): Places {
  return {
    ...('after' in ground ? { after: ground.after } : {}),
    ...('before' in ground ? { before: ground.before } : {}),
    ...('by' in ground ? { by: ground.by } : {}),
  };
}

/** A hop with its address: the one that this column saw, or else the one that most columns saw. */
export function hopAt(ttl: number, facts: MatrixFacts, column?: ColumnFacts): HopAt {
  const own = column && seenAt(column, ttl)[0]?.responder;
  const address = own ?? groupsAt(facts, ttl)[0]?.responders[0];
  return { ttl, ...(address === undefined ? {} : { address }) };
}

/** The last hop that answered a column, as a ground has it. */
export function afterOf(lastHop: number, facts: MatrixFacts, column: ColumnFacts): { after?: HopAt } {
  return lastHop > 0 ? { after: hopAt(lastHop, facts, column) } : {};
}
