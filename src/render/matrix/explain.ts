/** A verdict in plain words, ready for a ticket. */
import type { Family } from '../../model/address.ts';
import { MissingRightError } from '../../model/errors.ts';
import type { MatrixColumn } from '../../verdict/matrix.ts';
import type { GroundOf, UnsettledGround, Verdict } from '../../verdict/verdict.ts';
import { nftRule, packetOf, pfRule, type RuleFlow } from './filter-rule.ts';
import { refusalWords } from './refusal.ts';
import { intervalText, lastPlace } from './verdict-text.ts';

export type { RuleFlow } from './filter-rule.ts';

const INDENT = '    ';
const WIDTH = 100;
const LOST_ADVICE =
  'Nothing shows that the target is there at all: see that it is up, and that this is its address, before you look for a filter.';

/** The lines below a verdict; none for an open port and a reached target, which need no explanation. */
export function explanation(verdict: Verdict, flow: RuleFlow, at: string): string[] {
  const { state, column } = verdict;
  if (state === 'open' || state === 'reached') return [];
  const paragraph = `${at}: ${flowText(column, flow)} ${finding(verdict, flow)}`;
  const lines = wrapped(paragraph, WIDTH - INDENT.length);
  const rules = [`nftables: ${nftRule(column, flow)}`, `pf: ${pfRule(column, flow)}`];
  const isFiltered =
    state !== 'closed' && !wantsRight(verdict) && !isLost(verdict) && verdict.ground.type !== 'unfinished';
  return [...lines, ...(isFiltered ? rules : [])].map((line) => INDENT + line);
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
      return 'arrives, and the target says that nothing listens there: no filter stops it.';
    case 'refusal':
      return `${refusalFinding(ground)}: ${refusalWords(ground.reply.kind, family)}. ${refusalAdvice(ground)}`;
    case 'forged':
      return `is answered in the name of the target by something at or before hop ${ground.end.ttl}, though the target is at hop ${ground.witness.end.ttl}. A filter or proxy there has to let it pass:`;
    case 'missing':
      return missingFinding(verdict, ground);
    case 'mute':
      return `gets as far as ${lastPlace(ground.after)}, and the target does not answer it. ${muteFinding(ground)} it has to allow it:`;
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

/** Tells whether a router says that the target cannot be found, so that no filter is to blame. */
function isLost({ ground }: Verdict): boolean {
  return ground.type === 'refusal' ? ground.isLost : ground.type === 'dark' && ground.lost !== undefined;
}

function refusalAdvice({ isLost: cannotBeFound }: GroundOf<'refusal'>): string {
  return cannotBeFound ? LOST_ADVICE : 'A rule there has to allow it:';
}

function darkFinding({ lost }: GroundOf<'dark'>, family: Family): string {
  if (!lost) {
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
  const { witnesses, contrast } = ground;
  const others = witnesses.map(({ name }) => name).join(', ');
  const stateful =
    contrast === undefined ? '' : ` As ${contrast.name} passes, the filter goes by the state of connections.`;
  const caution =
    verdict.confidence === 'low' ? ' The paths of the probes differ or lose much: read it as a hint.' : '';
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
