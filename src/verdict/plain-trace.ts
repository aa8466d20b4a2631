/** What one trace by itself shows of its answer in the target's name: whether routers further on contradict it. */
import { sameHost, type Address, type Family } from '../model/address.ts';
import type { Doubt, RouterBeyond } from './doubt.ts';
import { readMatrix } from './facts.ts';
import type { CellReply, ColumnProbe, MatrixColumn } from './matrix.ts';

/** A reply to a trace, whether it counted, came too late, or was the second to its probe. */
interface Heard {
  /** The TTL of the probe. */
  readonly hop: number;
  /** The number of the sending that the reply names. */
  readonly sequence: number;
  /** The probe went under the number of another one, so that the target's answer may be meant for either. */
  readonly isRepeat: boolean;
  readonly reply: CellReply;
}

/** A trace that has ended with an answer in the target's name. */
export interface PlainTrace {
  readonly family: Family;
  readonly target: Address;
  readonly probe: ColumnProbe;
  /** All probes have the same ports, so that balancing by flow sends them one way. */
  readonly isOneFlow: boolean;
  /** The hop of the answer. */
  readonly hop: number;
  readonly heard: readonly Heard[];
}

/** What speaks against an answer. */
export interface AnswerDoubts {
  /** The strongest first. */
  readonly doubts: readonly Doubt[];
  /** The router that contradicts it; absent where what is known to happen on networks explains its place too. */
  readonly contradiction?: RouterBeyond;
}

/**
 * A router that answers so many hops beyond the answer contradicts it, where nothing shows that the path varies: the ways
 * of packets hardly differ by more.
 */
const LEAST_FURTHER = 2;
/**
 * The same where more speaks against the answer: one probe got two answers, or it arrives with an odd TTL. A last router that
 * passes on what it has said time exceeded to gets the target to answer at that very hop.
 */
const LEAST_FURTHER_SUPPORTED = 1;

/** Judges the answer that a trace has ended with. */
export function judgeAnswer(trace: PlainTrace): AnswerDoubts {
  const { family, target } = trace;
  const columns = [shownColumn(trace), beyondColumn(trace)];
  const doubts = readMatrix({ family, target, columns }).columns[0]?.ending?.doubts ?? [];
  const router = doubts.find((doubt) => doubt.type === 'router beyond');
  return { doubts, ...(router && isContradicting(router, doubts, trace) ? { contradiction: router } : {}) };
}

/** What the trace shows: the routers before the answer, and all that came in the target's name at its hop. */
function shownColumn(trace: PlainTrace): MatrixColumn {
  return columnOf(trace, (heard) => isBefore(heard, trace) || isShownAnswer(heard, trace));
}

/** The same routers, and what probes got that went further, or that expired at the hop of the answer. */
function beyondColumn(trace: PlainTrace): MatrixColumn {
  return columnOf(
    trace,
    (heard) => isBefore(heard, trace) || (heard.hop >= trace.hop && !isShownAnswer(heard, trace)),
  );
}

function isBefore({ hop, reply }: Heard, trace: PlainTrace): boolean {
  return hop < trace.hop && reply.kind.type === 'time-exceeded';
}

function isShownAnswer({ hop, reply }: Heard, trace: PlainTrace): boolean {
  return hop === trace.hop && isInItsName(reply, trace);
}

function isInItsName({ kind, responder }: CellReply, { target }: PlainTrace): boolean {
  return kind.type === 'answer' && sameHost(responder, target);
}

function columnOf({ probe, heard }: PlainTrace, isOfIt: (heard: Heard) => boolean): MatrixColumn {
  const cells = new Map<number, CellReply[]>();
  for (const each of heard.filter(isOfIt)) cells.set(each.hop, [...(cells.get(each.hop) ?? []), each.reply]);
  return { ...probe, cells, anonymous: [] };
}

/**
 * Tells whether nothing but a forger explains a router beyond the answer. Ways of unequal length do, where each packet or
 * each port takes its own: but one packet takes one way, and the target does not answer what a router has discarded.
 */
function isContradicting({ ttl }: RouterBeyond, doubts: readonly Doubt[], trace: PlainTrace): boolean {
  const further = ttl - trace.hop;
  if (further >= LEAST_FURTHER_SUPPORTED && hasTwoAnswers(trace)) return true;
  const isOdd = doubts.some(({ type }) => type === 'arrival ttl');
  const least = isOdd ? LEAST_FURTHER_SUPPORTED : LEAST_FURTHER;
  return further >= least && trace.isOneFlow && isSteady(trace);
}

/** Tells whether one probe got both a router's time exceeded and an answer in the target's name. */
function hasTwoAnswers(trace: PlainTrace): boolean {
  const heard = trace.heard.filter(({ hop, isRepeat }) => hop >= trace.hop && !isRepeat);
  const answered = new Set(
    heard.filter(({ reply }) => isInItsName(reply, trace)).map(({ sequence }) => sequence),
  );
  const nearer = respondersOf(trace, (hop) => hop < trace.hop);
  return heard.some(
    ({ sequence, reply: { kind, responder } }) =>
      kind.type === 'time-exceeded' &&
      answered.has(sequence) &&
      !nearer.has(responder) &&
      !sameHost(responder, trace.target),
  );
}

/** Tells whether no two routers have answered at one hop. */
function isSteady(trace: PlainTrace): boolean {
  const hops = new Set(trace.heard.map(({ hop }) => hop));
  return [...hops].every((hop) => respondersOf(trace, (each) => each === hop).size <= 1);
}

/** The routers that have answered at these hops. */
function respondersOf({ heard }: PlainTrace, isMeant: (hop: number) => boolean): ReadonlySet<Address> {
  const routers = heard.filter(({ hop, reply }) => isMeant(hop) && reply.kind.type === 'time-exceeded');
  return new Set(routers.map(({ reply }) => reply.responder));
}
