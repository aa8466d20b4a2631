/** The rules that would let a probe pass, in all languages. */
import { saysTooBig } from '../../../model/answers.ts';
import { MissingRightError, type TransportError } from '../../../model/errors.ts';
import type { RuleLanguage } from '../../../model/rule-language.ts';
import { getsThrough, type GroundOf, type Verdict } from '../../../verdict/verdict.ts';
import { awsRules } from './aws.ts';
import { iosRules } from './ios.ts';
import { nftRules } from './nft.ts';
import { pfRules } from './pf.ts';
import { ruleFacts, type RuleColumn, type RuleFacts, type RuleFlow } from './rule-flow.ts';

/** How a language is called in text, and who writes it. */
interface Writer {
  readonly label: string;
  write(facts: RuleFacts): readonly string[];
  /** Whether it may be this machine's own firewall that is told so. */
  readonly isOnHosts: boolean;
}

const WRITERS: Readonly<Record<RuleLanguage, Writer>> = {
  nft: { label: 'nftables', write: nftRules, isOnHosts: true },
  pf: { label: 'pf', write: pfRules, isOnHosts: true },
  ios: { label: 'ios', write: iosRules, isOnHosts: false },
  aws: { label: 'aws', write: awsRules, isOnHosts: false },
};

/** The lines that let a column's probes pass, and their answers back: each a rule, or a comment of the language. */
export function rulesFor(column: RuleColumn, flow: RuleFlow, language: RuleLanguage): readonly string[] {
  return WRITERS[language].write(ruleFacts(column, flow, language));
}

/** Tells whether a filter may be to blame, so that a rule may help. */
export function hasRules(verdict: Verdict): boolean {
  const isDoubtful = verdict.state === 'closed' && verdict.confidence === 'low';
  return (isDoubtful || !getsThrough(verdict)) && mayBeFiltered(verdict);
}

function mayBeFiltered({ ground }: Verdict): boolean {
  switch (ground.type) {
    case 'loop':
    case 'unfinished':
    case 'forwarded': // rules of the box see the address behind it, which nobody knows here
      return false;
    case 'unsent':
      return !isNoMatterOfFilters(ground.error);
    case 'refusal':
      return !ground.isLost && !saysTooBig(ground.reply.kind);
    case 'dark':
      return ground.lost === undefined && !ground.isLimit;
    case 'forged':
      return !isOfProxy(ground);
    default:
      return true;
  }
}

/** The lines for a verdict that has rules; undefined where none of the language fits. */
export function rulesOf(
  verdict: Verdict,
  flow: RuleFlow,
  language: RuleLanguage,
): readonly string[] | undefined {
  const isHere = verdict.ground.type === 'unsent';
  return isHere && !WRITERS[language].isOnHosts ? undefined : rulesFor(verdict.column, flow, language);
}

/** The same as text, each line with the name of its language; one line says so where none fits. */
export function ruleText(verdict: Verdict, flow: RuleFlow, language: RuleLanguage): readonly string[] {
  const { label } = WRITERS[language];
  const rules = rulesOf(verdict, flow, language) ?? ['none, for it is this machine that stops the probe'];
  return rules.map((rule) => `${label}: ${rule}`);
}

/** Tells whether the user lacks a right, or the machine a port. */
function isNoMatterOfFilters(error: TransportError): boolean {
  return error instanceof MissingRightError || error.code === 'EADDRINUSE';
}

/** Tells whether something opens connections in the target's name: no rule of a filter keeps it from that. */
export function isOfProxy({ end: { reply } }: GroundOf<'forged'>): boolean {
  return reply.kind.type === 'answer' && reply.kind.tcp?.state === 'open';
}
