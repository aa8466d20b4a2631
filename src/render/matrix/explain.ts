/** A verdict in plain words, ready for a ticket. */
import type { Family } from '../../model/address.ts';
import { MissingRightError } from '../../model/errors.ts';
import type { MatrixColumn } from '../../verdict/matrix.ts';
import type { GroundOf, Verdict } from '../../verdict/verdict.ts';
import { nftRule, packetOf, pfRule, type RuleFlow } from './filter-rule.ts';
import { refusalWords } from './refusal.ts';
import { doubtText } from './doubt-text.ts';
import { intervalText, lastPlace } from './verdict-text.ts';

export type { RuleFlow } from './filter-rule.ts';

const INDENT = '    ';
const WIDTH = 100;
const LOST_ADVICE =
  'Nothing shows that the target is there at all: see that it is up, and that this is its address, before you look for a filter.';

const UNSURE_PATH = ' The paths of the probes differ or lose much: read it as a hint.';
const UNSURE_PROTOCOL =
  ' No probe of the same protocol shows that the second answers such at all: read it as a hint, or add one that gets through.';

/** The lines below a verdict; none for an open port and a reached target, which need no explanation. */
export function explanation(verdict: Verdict, flow: RuleFlow, at: string): string[] {
  const { state, column } = verdict;
  if (state === 'open' || state === 'reached') return [];
  const paragraph = `${at}: ${flowText(column, flow)} ${finding(verdict, flow)}`;
  const lines = wrapped(paragraph, WIDTH - INDENT.length);
  const rules = [`nftables: ${nftRule(column, flow)}`, `pf: ${pfRule(column, flow)}`];
  const isFiltered = !arrives(verdict) && state !== 'loop' && !wantsRight(verdict) && !isLost(verdict);
  return [...lines, ...(isFiltered ? rules : [])].map((line) => INDENT + line);
}

/** Tells whether the probe surely gets where it is to go, so that no rule is needed. */
function arrives({ state, confidence, ground }: Verdict): boolean {
  if (ground.type === 'forwarded') return ground.answer !== undefined;
  return state === 'closed' && confidence !== 'low';
}

function flowText(column: MatrixColumn, flow: RuleFlow): string {
  const { source, target, sourcePort, port } = flow;
  const what = column.traits.flowName(packetOf(column, flow));
  if (!column.traits.hasPorts) return `${what} from ${source} to ${target}`;
  const from = sourcePort === undefined ? source : `${source} port ${sourcePort}`;
  return `${what} from ${from} to ${target} port ${port}`;
}

function finding(verdict: Verdict, { family }: RuleFlow): string {
  const { ground } = verdict;
  switch (ground.type) {
    case 'answer':
      return answerFinding(verdict);
    case 'refusal':
      return `${refusalFinding(ground)}: ${refusalWords(ground.reply.kind, family)}. ${refusalAdvice(ground)}`;
    case 'forged':
      return `is answered in the name of the target by something at or before hop ${ground.end.ttl}: ${doubtText(ground.doubts[0])}. A filter or proxy there has to let it pass:`;
    case 'forwarded':
      return forwardingFinding(ground);
    case 'loop':
      return `goes round between ${ground.loop.routers.join(' and ')} until its TTL is used up: their routes point at each other. No filter stops it.`;
    case 'missing':
      return missingFinding(verdict, ground);
    case 'mute':
      return `gets as far as ${lastPlace(ground.after)}, and the target does not answer it. ${muteFinding(ground)} it has to allow it:`;
    case 'dark':
      return `is not answered beyond ${lastPlace(ground.after)}${darkFinding(ground, family)}`;
    case 'unsent':
      return unsentFinding(ground);
  }
}

/** Tells whether a router says that the target cannot be found, so that no filter is to blame. */
function isLost({ ground }: Verdict): boolean {
  return ground.type === 'refusal' ? ground.isLost : ground.type === 'dark' && ground.lost !== undefined;
}

function answerFinding({ confidence }: Verdict): string {
  return confidence === 'low'
    ? 'is told that nothing listens there, perhaps by a filter in the name of the target. If it is one, it has to let it pass:'
    : 'arrives, and the target says that nothing listens there: no filter stops it.';
}

function forwardingFinding({ answer }: GroundOf<'forwarded'>): string {
  return answer
    ? 'is sent on to a host behind the address of the target, which answers: no filter stops it.'
    : 'is sent on to a host behind the address of the target, which does not answer, or a filter behind it drops it:';
}

function refusalAdvice({ isLost: cannotBeFound }: GroundOf<'refusal'>): string {
  return cannotBeFound ? LOST_ADVICE : 'A rule there has to allow it:';
}

function darkFinding({ lost, isLimit }: GroundOf<'dark'>, family: Family): string {
  if (!lost) {
    if (isLimit) return ', where the run ended: a larger -m looks further. If a filter is suspected, it has to allow it:';
    return ', nor is anything else: this is no matter of one protocol. If a filter is suspected, it has to allow it:';
  }
  const { column, refusal } = lost;
  return `. But ${column.name} ${refusalFinding(refusal)}: ${refusalWords(refusal.reply.kind, family)}. ${LOST_ADVICE}`;
}

/** Tells whether the user lacks a right, so that no filter is to blame. */
function wantsRight({ ground }: Verdict): boolean {
  return ground.type === 'unsent' && ground.error instanceof MissingRightError;
}

function unsentFinding({ error }: GroundOf<'unsent'>): string {
  if (error instanceof MissingRightError) {
    return 'is not sent: this user may not open a raw socket for it, so that it tells nothing of the path.';
  }
  return `does not leave this machine: ${error.message} (${error.code}). If its own firewall is to let it out:`;
}

function refusalFinding({ by, reply, fromTarget }: GroundOf<'refusal'>): string {
  const who = fromTarget ? 'the target itself' : reply.responder;
  return `is rejected by ${who} (hop ${by.ttl}), which says`;
}

function muteFinding({ contrast }: GroundOf<'mute'>): string {
  return contrast
    ? `It answers ${contrast.name}, so a filter on or right before it goes by the state of connections:`
    : 'Either a filter on or right before the target drops it, or what listens there has no answer to this probe. If it is a filter,';
}

function missingFinding(verdict: Verdict, ground: GroundOf<'missing'>): string {
  const { witnesses, contrast, isOfOneProtocol } = ground;
  const others = witnesses.map(({ name }) => name).join(', ');
  const stateful =
    contrast === undefined ? '' : ` As ${contrast.name} passes, the filter goes by the state of connections.`;
  const caution =
    verdict.confidence === 'high' ? '' : isOfOneProtocol ? UNSURE_PATH : UNSURE_PROTOCOL;
  return (
    `is dropped without a word ${intervalText(ground)}: the second answers ${others}, but not this.` +
    `${stateful}${caution} One of these two, or what is between them, has to allow it:`
  );
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
