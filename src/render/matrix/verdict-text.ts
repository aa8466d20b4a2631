/** The line of a verdict. */
import { MissingRightError } from '../../model/errors.ts';
import { sameHost } from '../../model/address.ts';
import type { CellReply, Matrix, MatrixColumn } from '../../verdict/matrix.ts';
import { filterClassOf } from '../../verdict/filter-class.ts';
import type { GroundOf, HopAt, UnsettledGround, Verdict } from '../../verdict/verdict.ts';
import { doubtText } from './doubt-text.ts';
import { flagNames } from '../tcp-state.ts';
import { refusalLetters, refusalWords } from './refusal.ts';

/** At most so many witnesses are named. */
const NAMED_WITNESSES = 3;
const NUMBERS = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/** The text behind a verdict's state. */
export function verdictText(verdict: Verdict, matrix: Matrix): string {
  return groundText(verdict, matrix) + paceText(verdict) + sureness(verdict);
}

/** Nothing where the verdict is certain, or says by itself that it is none. */
function sureness({ confidence, state, ground }: Verdict): string {
  const saysSo = state === 'unknown' || ground.type === 'likely-refusal';
  return confidence === 'certain' || saysSo ? '' : ` (${confidence} confidence)`;
}

/** Says that an answer came only once the run slowed down. */
function paceText({ column, ground }: Verdict): string {
  if (column.policedBefore === undefined || ground.type === 'policed') return '';
  return `, at a low rate only: something at or before hop ${column.policedBefore} limits it`;
}

/** A hop, as a sentence names it. */
function hopText({ ttl, address }: HopAt): string {
  return `hop ${ttl}${address === undefined ? '' : ` (${address})`}`;
}

function groundText(verdict: Verdict, matrix: Matrix): string {
  const { column, ground } = verdict;
  switch (ground.type) {
    case 'answer':
      return answerText(ground, column, matrix);
    case 'refusal':
      return refusalText(ground, matrix);
    case 'forged':
      return forgedText(ground, column);
    case 'forwarded':
      return forwardedText(ground, column, matrix);
    case 'loop':
      return loopText(ground);
    case 'missing':
      return `${intervalText(ground)}; ${contrastText(ground, column, matrix)}`;
    case 'mute':
      return muteText(ground, column);
    case 'dark':
      return darkText(ground, matrix);
    case 'unsent':
      return unsentText(ground);
    default:
      return unsettledText(ground, matrix);
  }
}

function unsettledText(ground: UnsettledGround, matrix: Matrix): string {
  switch (ground.type) {
    case 'unfinished':
      return `interrupted${ground.after ? `; got as far as ${hopText(ground.after)}` : ''}`;
    case 'likely-refusal':
      return `probably rejected, as ${ground.like.name} is, ${refusalText(ground.refusal, matrix)}`;
    case 'policed':
      return `at or before ${hopText(ground.before)}: answers come only at a low rate`;
  }
}

function darkText({ after, isLimit, lost }: GroundOf<'dark'>, matrix: Matrix): string {
  if (lost) return `no answer; ${lost.column.name} is told so ${refusalText(lost.refusal, matrix)}`;
  if (isLimit && after) return `reaches ${hopText(after)}; nothing beyond was probed`;
  return after ? `nothing beyond ${hopText(after)} answers anything` : 'nothing answers anything';
}

function unsentText({ error }: GroundOf<'unsent'>): string {
  if (error instanceof MissingRightError) return `at hop 0, for want of a right: ${error.message}`;
  if (error.code === 'EADDRINUSE') return `at hop 0, for want of a port: ${error.message}`;
  return `at hop 0, by the firewall or the routing of this machine: ${error.message} (${error.code})`;
}

function answerText(
  { hop, isBound, reply, doubts }: GroundOf<'answer'>,
  column: MatrixColumn,
  matrix: Matrix,
): string {
  const where = hop === undefined ? '' : ` at ${isBound ? 'or before ' : ''}hop ${hop}`;
  const [doubt] = doubts.filter(({ type }) => type !== 'stack');
  const but = doubt ? `, but ${doubtText(doubt)}` : '';
  return `${answerWord(reply, column, matrix)} from ${sender(reply, matrix)}${where}${but}`;
}

function sender({ responder }: CellReply, { target }: Matrix): string {
  return sameHost(responder, target) ? 'the target' : `${responder}, an address of the target,`;
}

/** The name of an answer, with its control bits where they show neither an open nor a closed port. */
function answerWord({ kind }: CellReply, { traits }: MatrixColumn, { family }: Matrix): string {
  if (kind.type !== 'answer') return refusalWords(kind, family);
  const bits = kind.tcp?.state === 'other' ? ` with${flagNames(kind.tcp.flags)}` : '';
  return traits.answerName(kind.tcp) + bits;
}

function refusalText({ reply, by, fromTarget, isSeen }: GroundOf<'refusal'>, { family }: Matrix): string {
  const where = fromTarget
    ? `the target at ${hopText(by)}`
    : isSeen
      ? hopText(by)
      : `${reply.responder}, at or before hop ${by.ttl}`;
  return `by ${where}: ${refusalLetters(reply.kind, family)}, ${refusalWords(reply.kind, family)}`;
}

function forgedText({ end, doubts, targetHop }: GroundOf<'forged'>, { probe }: MatrixColumn): string {
  const target = targetHop === undefined ? '' : ` (the target is at hop ${targetHop})`;
  const place = `at or before hop ${end.ttl}${target}; ${doubtText(doubts[0])}`;
  const { kind } = end.reply;
  const state = kind.type === 'answer' ? kind.tcp?.state : undefined;
  if (state === 'closed') return `reset by something ${place}`;
  if (state === 'open') return `SYN-ACK by a proxy ${place}`;
  return `${probe.name} answered by something ${place}`;
}

function forwardedText(
  { forwarding, by, answer }: GroundOf<'forwarded'>,
  column: MatrixColumn,
  matrix: Matrix,
): string {
  const where = forwarding.by === 'quote' ? `at or before ${hopText(by)}` : `by the target at hop ${by.ttl}`;
  const to = forwarding.to === undefined ? 'a host behind it' : forwarding.to;
  const said = answer
    ? `${answer.state}: ${answerWord(answer.end.reply, column, matrix)} at hop ${answer.end.ttl}`
    : 'no answer from there';
  return `${where} to ${to}; ${said}`;
}

function loopText({ loop }: GroundOf<'loop'>): string {
  return `from hop ${loop.firstTtl} on, between ${loopRouters(loop)}`;
}

/** The routers of a loop. Where one alone answers, another one is there that does not. */
export function loopRouters({ routers }: GroundOf<'loop'>['loop']): string {
  return routers.length === 1 ? `${routers.join('')} and one that says nothing` : routers.join(' and ');
}

/** The two hops between which a probe is lost. */
export function intervalText({ after, before }: GroundOf<'missing'>): string {
  return `between ${lastPlace(after)} and ${hopText(before)}`;
}

/** The last hop that answered a probe, as a sentence names it. */
export function lastPlace(after: HopAt | undefined): string {
  return after ? hopText(after) : 'this machine';
}

function contrastText(
  { witnesses, contrast, before }: GroundOf<'missing'>,
  column: MatrixColumn,
  { columns }: Matrix,
): string {
  if (contrast) {
    return `${contrast.name} passes: ${filterKind(column)}`;
  }
  const isAll = witnesses.length === columns.length - 1 && witnesses.length > 1;
  const who = isAll
    ? `the other ${NUMBERS[witnesses.length - 2] ?? witnesses.length}`
    : witnesses
        .slice(0, NAMED_WITNESSES)
        .map(({ name }) => name)
        .join(', ');
  const get = !isAll && witnesses.length === 1 ? 'gets' : 'get';
  return `${who} ${get} an answer from hop ${before.ttl}`;
}

/** The kind of filter that stops this one of SYN and ACK, and passes the other. */
function filterKind(column: MatrixColumn): string {
  return filterClassOf(column).opens ? 'a stateless filter of connections to open' : 'a stateful filter';
}

function muteText({ after, targetHop, contrast }: GroundOf<'mute'>, column: MatrixColumn): string {
  const lastHop = after?.ttl ?? 0;
  if (contrast)
    return `${reached(after, targetHop)}; the target answers ${contrast.name}: ${filterKind(column)}`;
  if (lastHop > targetHop)
    return `${reached(after, targetHop)}, and the target answers others at hop ${targetHop}`;
  return `${reached(after, targetHop)}; lost there or at the target, which says nothing to this probe`;
}

/** How far a probe is known to get. */
function reached(after: HopAt | undefined, targetHop: number): string {
  if (!after) return 'not answered by any router';
  if (after.ttl >= targetHop) return `reaches ${hopText(after)}`;
  const isLast = after.ttl === targetHop - 1;
  return `reaches ${hopText(after)}, the last router${isLast ? '' : ' that answers it'}`;
}
