/** A verdict in plain words, ready for a ticket. */
import { isPrivateUse, sameHost, type Address, type Family } from '../../model/address.ts';
import { saysTooBig } from '../../model/answers.ts';
import { MissingRightError } from '../../model/errors.ts';
import type { RuleLanguage } from '../../model/rule-language.ts';
import type { MatrixColumn } from '../../verdict/matrix.ts';
import type { GroundOf, UnsettledGround, Verdict } from '../../verdict/verdict.ts';
import { refusalWords } from './refusal.ts';
import { doubtText } from './doubt-text.ts';
import { namesOf } from './groups.ts';
import { packetOf, type RuleFlow } from './rules/rule-flow.ts';
import { hasRules, isOfProxy, ruleText } from './rules/rules.ts';
import { intervalText, lastPlace, loopRouters } from './verdict-text.ts';
import { wrapped } from './width.ts';

const INDENT = '    ';
/** Longer lines are hard to read, however wide the terminal is. */
const MOST_WIDTH = 100;
const LOST_ADVICE =
  'Nothing shows that the target is there at all: see that it is up, and that this is its address, before you look for a filter.';

const NOBODY_THERE =
  'does not leave this machine: nobody on its own network has the address of the target, or of the gateway to it. No filter is to blame: see that it is up, and that this is its address.';

const UNSURE_PATH = ' The paths of the probes differ or lose much: read it as a hint.';
const TRY_FLOWS =
  ' Routers may part the probes by their ports: --flows 8 shows whether some ways lose them and others do not.';
const UNSURE_PROTOCOL =
  ' No probe of the same kind shows that the second answers such at all: read it as a hint, or add one that gets through.';

const CUT_OFF =
  ' What was answered at first was not any more: this run itself may have been shut out, as a scan of ports. Wait, and ask for less.';

/** What the lines below a verdict are to have. */
export interface ExplanationOptions {
  /** A paragraph with this time in front, in UTC; absent: none. */
  readonly at?: string;
  /** The languages whose rules follow. */
  readonly rules: readonly RuleLanguage[];
  /** Columns of the terminal. Rules are not broken: they are there to be copied. */
  readonly width: number;
}

/** The lines below a verdict; none for an open port and a reached target, which need no explanation. */
export function explanation(
  verdict: Verdict,
  flow: RuleFlow,
  { at, rules, width }: ExplanationOptions,
): string[] {
  const text = at === undefined ? [] : paragraph(verdict, flow, at, Math.min(MOST_WIDTH, width));
  const filters = hasRules(verdict) ? rules.flatMap((language) => ruleText(verdict, flow, language)) : [];
  const caution = filters.length > 0 ? translationCaution(flow) : [];
  return [...text, ...filters, ...caution].map((line) => INDENT + line);
}

/** A rule goes by the source that the filter sees. */
function translationCaution({ source, target }: RuleFlow): string[] {
  if (!isPrivateUse(source) || isPrivateUse(target)) return [];
  return [`${source} is a private address: filters beyond its address translation (NAT) see a public one.`];
}

function paragraph(verdict: Verdict, flow: RuleFlow, at: string, width: number): string[] {
  const { state, column } = verdict;
  if (state === 'open' || state === 'reached') return [];
  return wrapped(`${at}: ${flowText(column, flow)} ${finding(verdict, flow)}`, width - INDENT.length);
}

function flowText(column: MatrixColumn, flow: RuleFlow): string {
  const { source, target, sourcePort, port, lastPort } = flow;
  const what = column.traits.flowName(packetOf(column, flow));
  if (!column.traits.hasPorts) return `${what} from ${source} to ${target}`;
  const from = sourcePort === undefined ? source : `${source} port ${sourcePort}`;
  const ports = lastPort === undefined ? `port ${port}` : `ports ${port} to ${lastPort}`;
  return `${what} from ${from} to ${target} ${ports}`;
}

function finding(verdict: Verdict, { family, source }: RuleFlow): string {
  const { ground } = verdict;
  switch (ground.type) {
    case 'answer':
      return answerFinding(verdict);
    case 'refusal':
      return refusedFinding(ground, family, source);
    case 'forged':
      return forgedFinding(ground);
    case 'forwarded':
      return forwardingFinding(ground);
    case 'loop':
      return `goes round between ${loopRouters(ground.loop)} until its TTL is used up: their routes point at each other. No filter stops it.`;
    case 'missing':
      return missingFinding(verdict, ground);
    case 'mute':
      return muteFinding(ground);
    case 'dark':
      return `is not answered beyond ${lastPlace(ground.after)}${darkFinding(ground, family)}`;
    case 'unsent':
      return unsentFinding(ground);
    default:
      return unsettledFinding(ground, family);
  }
}

function unsettledFinding(ground: UnsettledGround, family: Family): string {
  switch (ground.type) {
    case 'unfinished':
      return 'was not settled when the run was interrupted: run it again, to its end.';
    case 'likely-refusal':
      return `is probably rejected, as ${ground.like.name} is, which ${refusalFinding(ground.refusal)}: ${refusalWords(ground.refusal.reply.kind, family)}. ${refusalAdvice(ground.refusal)}`;
    case 'policed':
      return `gets answers only at a low rate: something at or before hop ${ground.before.ttl} limits it. If that is not wanted, it has to allow it:`;
  }
}

function answerFinding({ confidence }: Verdict): string {
  return confidence === 'low'
    ? 'is told that nothing listens there, perhaps by a filter in the name of the target. If it is one, it has to let it pass:'
    : 'arrives, and the target says that nothing listens there: nothing on the way stops it. A filter on the target itself may say the same.';
}

function refusedFinding(ground: GroundOf<'refusal'>, family: Family, source: Address): string {
  if (ground.isLost && sameHost(ground.reply.responder, source)) return NOBODY_THERE;
  return `${refusalFinding(ground)}: ${refusalWords(ground.reply.kind, family)}. ${refusalAdvice(ground)}`;
}

function forgedFinding(ground: GroundOf<'forged'>): string {
  const { end, doubts } = ground;
  const remedy = isOfProxy(ground)
    ? 'A proxy there takes such connections: it has to leave these alone, by an exception from its redirection. A rule of a filter does not help.'
    : 'A filter or proxy there has to let it pass:';
  return `is answered in the name of the target by something at or before hop ${end.ttl}: ${doubtText(doubts[0])}. ${remedy}`;
}

function forwardingFinding({ answer }: GroundOf<'forwarded'>): string {
  return answer
    ? 'is sent on to a host behind the address of the target, which answers: no filter stops it.'
    : 'is sent on to a host behind the address of the target, which does not answer, or a filter on the box that sends it on, or behind it, drops it. Rules there see the address of that host.';
}

function refusalAdvice({ isLost, reply: { kind } }: GroundOf<'refusal'>): string {
  if (saysTooBig(kind))
    return 'The packet is longer than the next link takes, and may not be fragmented. No filter is to blame.';
  return isLost ? LOST_ADVICE : 'A rule there has to allow it:';
}

function darkFinding({ lost, isLimit }: GroundOf<'dark'>, family: Family): string {
  if (!lost) {
    if (isLimit) return ', where the run ended: a larger -m looks further.';
    return ', nor is anything else: this is no matter of one protocol. If a filter is suspected, it has to allow it:';
  }
  const { column, refusal } = lost;
  return `. But ${column.name} ${refusalFinding(refusal)}: ${refusalWords(refusal.reply.kind, family)}. ${LOST_ADVICE}`;
}

function unsentFinding({ error }: GroundOf<'unsent'>): string {
  if (error instanceof MissingRightError) {
    return 'is not sent, for want of a raw socket, so that it tells nothing of the path.';
  }
  if (error.code === 'EADDRINUSE') return `is not sent: ${error.message}. It tells nothing of the path.`;
  return `does not leave this machine: ${error.message} (${error.code}). If its own firewall is to let it out:`;
}

function refusalFinding({ by, reply, fromTarget }: GroundOf<'refusal'>): string {
  const who = fromTarget ? 'the target itself' : reply.responder;
  return `is rejected by ${who} (hop ${by.ttl}), which says`;
}

function muteFinding({ after, contrast, isCutOff }: GroundOf<'mute'>): string {
  const how = contrast
    ? `It answers ${contrast.name}, so a filter on or right before it goes by the state of connections:`
    : 'Either a filter on or right before the target drops it, or what listens there has no answer to this probe, or the answer is lost on its way back. If it is a filter,';
  const caution = isCutOff ? CUT_OFF : '';
  return `gets as far as ${lastPlace(after)}, and the target does not answer it.${caution} ${how} it has to allow it:`;
}

function missingFinding(verdict: Verdict, ground: GroundOf<'missing'>): string {
  const { witnesses, contrast } = ground;
  const others = namesOf(witnesses).join(', ');
  const stateful =
    contrast === undefined ? '' : ` As ${contrast.name} passes, the filter goes by the state of connections.`;
  return (
    `is dropped without a word ${intervalText(ground)}: the second answers ${others}, but not this.` +
    `${stateful}${cautionOf(verdict, ground)} One of these two, or what is between them, has to allow it:`
  );
}

function cautionOf(
  { confidence, column }: Verdict,
  { isOfOneKind, isCutOff, after, before }: GroundOf<'missing'>,
): string {
  const flows = column.flow === undefined && column.traits.hasPorts ? TRY_FLOWS : '';
  const isHidden = before.ttl - (after?.ttl ?? 0) > 1;
  if (confidence === 'high') return isHidden ? flows : '';
  if (isCutOff) return CUT_OFF;
  return isOfOneKind ? UNSURE_PATH + flows : UNSURE_PROTOCOL;
}
