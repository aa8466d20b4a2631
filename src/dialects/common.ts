/** The options that both commands share, and the draft that these fill. */
import type { Family } from '../model/address.ts';
import type { CommonPlan } from '../model/plan.ts';
import { RULE_LANGUAGES, type RuleLanguage } from '../model/rule-language.ts';
import { commonSettings, type Setting } from './common-settings.ts';
import { COMPLETION_OPTION, completionShell, completionShells } from './completion/shell.ts';
import { flag, inGroup, valued, type OptionTable } from './option-table.ts';
import { wordList } from './option-value.ts';

/** What the common options collect. */
export interface CommonDraft {
  /** A part of the plan as it is; the dialects take it whole. */
  settings: CommonPlan;
  /** The family asked for with -4 or -6. */
  family?: Family;
  /** The probes to compare, as the user wrote them. */
  matrix?: string;
  explain: boolean;
  /** The languages of rules. */
  rules?: readonly RuleLanguage[];
  /** What to print in place of a trace. */
  ask?: 'help' | 'usage' | 'version';
}

const settingNames = Object.keys(commonSettings) as (keyof CommonPlan)[]; // keys() forgets the names

/** The common draft before any option was read. */
export function emptyCommonDraft(): CommonDraft {
  const given = settingNames.filter((name) => commonSettings[name].initial !== undefined);
  const initial = given.map((name) => [name, commonSettings[name].initial]);
  return {
    settings: Object.fromEntries(initial) as CommonPlan, // fromEntries() forgets the names
    explain: false,
  };
}

/** The rows of one setting: each puts the next value in the place of the one before. */
function rowsOf<Name extends keyof CommonPlan>(
  member: Name,
  { group, options }: Setting<CommonPlan[Name]>,
): OptionTable<CommonDraft> {
  const rows = options.map((option) => ({
    ...option,
    apply: (draft: CommonDraft, text: string, name: string) => {
      draft.settings = { ...draft.settings, [member]: option.next(text, name, draft.settings[member]) };
    },
  }));
  return inGroup(group, ...rows);
}

/** The rows that both commands have. */
export const commonOptions: OptionTable<CommonDraft> = [
  ...inGroup<CommonDraft>(
    'path',
    flag('-4', 'use IPv4 only', (draft) => (draft.family = 4)),
    flag('-6', 'use IPv6 only', (draft) => (draft.family = 6)),
  ),
  ...settingNames.flatMap((name) => rowsOf(name, commonSettings[name])),
  ...inGroup<CommonDraft>(
    'matrix',
    valued(
      '--matrix',
      'SPEC,...',
      'probe with all of these at once, and tell where each one is lost: NAME[/PORT][:FLAG[+FLAG]], or default',
      (draft, value) => (draft.matrix = value),
    ),
    flag(
      '--explain',
      'with --matrix: explain each verdict, with the filter rule that would let the probe pass',
      (draft) => (draft.explain = true),
    ),
    {
      long: 'rules',
      argument: 'LANG,...',
      choices: RULE_LANGUAGES,
      summary: 'with --matrix: show the filter rules in these: nft, pf, ios, aws (nft,pf with --explain)',
      apply: (draft, value, name) => (draft.rules = wordList(value, name, RULE_LANGUAGES)),
    },
  ),
  ...inGroup<CommonDraft>(
    'help',
    {
      long: COMPLETION_OPTION,
      argument: 'SHELL',
      choices: completionShells,
      summary: 'print the completion script for bash, zsh or fish',
      apply: (_draft, value, name) => completionShell(value, name),
    },
    flag('--help', 'show this help', (draft) => (draft.ask = 'help')),
    flag('--version', 'show the version', (draft) => (draft.ask = 'version')),
  ),
];
