/** The line of a verdict. */
import { MissingRightError } from '../../model/errors.ts';
import { sameHost } from '../../model/address.ts';
import type { CellReply, Matrix, MatrixColumn } from '../../verdict/matrix.ts';
import { filterClassOf } from '../../verdict/filter-class.ts';
import type { GroundOf, HopAt, UnsettledGround, Verdict } from '../../verdict/verdict.ts';
import { flagNames } from '../tcp-state.ts';
import { refusalLetters, refusalWords } from './refusal.ts';

/** At most so many witnesses are named. */
const NAMED_WITNESSES = 3;
const NUMBERS = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/** The text behind a verdict's state. */
export function verdictText(verdict: Verdict, matrix: Matrix): string {
  const says = verdict.state === 'unknown' || verdict.ground.type === 'likely-refusal';
  const isGuess = verdict.confidence === 'low' && !says;
  return groundText(verdict, matrix) + paceText(verdict) + (isGuess ? ' (low confidence)' : '');
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

function darkText({ after, lost }: GroundOf<'dark'>, matrix: Matrix): string {
  if (lost) return `no answer; ${lost.column.name} is rejected ${refusalText(lost.refusal, matrix)}`;
  return after ? `nothing beyond ${hopText(after)} answers anything` : 'nothing answers anything';
}

function unsentText({ error }: GroundOf<'unsent'>): string {
  if (error instanceof MissingRightError) return `at hop 0, for want of a right: ${error.message}`;
  return `at hop 0, by the firewall or the routing of this machine: ${error.message} (${error.code})`;
}

function answerText({ hop, reply }: GroundOf<'answer'>, column: MatrixColumn, matrix: Matrix): string {
  const where = hop === undefined ? '' : ` at hop ${hop}`;
  return `${answerWord(reply, column, matrix)} from ${sender(reply, matrix)}${where}`;
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

function forgedText({ end, witness }: GroundOf<'forged'>, { probe }: MatrixColumn): string {
  const place = `at or before hop ${end.ttl} (the target is at hop ${witness.end.ttl})`;
  const ttls = (word: string): string => arrivalTtls(word, end.reply.ttl, witness.end.reply.ttl);
  const { kind } = end.reply;
  const state = kind.type === 'answer' ? kind.tcp?.state : undefined;
  if (state === 'closed') return `reset by something ${place}${ttls('RST')}`;
  if (state === 'open') return `answered by something ${place}${ttls('SYN-ACK')}: a proxy`;
  return `answered by something ${place}${ttls(`answer to ${probe.name}`)}`;
}

function arrivalTtls(word: string, ttl: number | undefined, targetTtl: number | undefined): string {
  if (ttl === undefined || targetTtl === undefined) return '';
  return `; the ${word} arrives with TTL ${ttl}, the target's answer with ${targetTtl}`;
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
  const end = contrast
    ? `the target answers ${contrast.name} and not this: ${filterKind(column)}`
    : 'the target answers nothing: a host filter, or nothing to say';
  if (lastHop >= targetHop) return `gets past hop ${lastHop}; ${end}`;
  if (lastHop === targetHop - 1) return lastHop === 0 ? end : `gets past hop ${lastHop}; ${end}`;
  const past = lastHop === 0 ? '' : `gets past hop ${lastHop}; `;
  return `${past}no router answers anything between there and the target, which answers nothing to it: a filter, or nothing to say`;
}
