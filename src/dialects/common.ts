/** The long options that both commands share. */
import type { Family } from '../model/address.ts';
import { UsageError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { parseNat64Prefix, WELL_KNOWN_PREFIX, type Nat64Prefix } from '../model/nat64.ts';
import { COMPLETION_OPTION, completionShell, completionShells } from './completion/shell.ts';
import type { OptionTable } from './option-table.ts';

/** What the common options collect. */
export interface CommonDraft {
  family?: Family;
  parallel?: number;
  flowLabel?: number;
  nat64: Nat64Prefix[];
  transport: Plan['transport'];
  json: boolean;
  /** Probes to compare, as they were written. */
  matrix?: string;
  explain: boolean;
  translation: Plan['translation'];
  ask?: 'help' | 'usage' | 'version';
}

/** 20 bits. RFC 6437. */
const MAX_FLOW_LABEL = 0xfffff;
/** Above this the window holds more probes than any path needs. */
const MAX_PARALLEL = 1024;

const transports = ['auto', 'kernel', 'raw-socket'] as const satisfies readonly Plan['transport'][];

/** What the common options collect before any was read. */
export function emptyCommonDraft(): CommonDraft {
  return {
    nat64: [WELL_KNOWN_PREFIX],
    transport: 'auto',
    json: false,
    explain: false,
    translation: 'accept',
  };
}

export const commonOptions: OptionTable<CommonDraft> = [
  {
    letter: '4',
    summary: 'use IPv4 alone',
    apply: (draft) => {
      draft.family = 4;
    },
  },
  {
    letter: '6',
    summary: 'use IPv6 alone',
    apply: (draft) => {
      draft.family = 6;
    },
  },
  {
    long: 'parallel',
    argument: 'N',
    summary: 'probes in flight at once, 1 to 1024: 1 sends, waits, sends (default 48)',
    apply: (draft, value, name) => {
      draft.parallel = wholeNumber(value, name, 1, MAX_PARALLEL);
    },
  },
  {
    long: 'fast',
    summary: 'send everything at once, for scripts: routers may limit their answers',
    apply: (draft) => {
      draft.parallel = MAX_PARALLEL;
    },
  },
  {
    long: 'flow-label',
    argument: 'N',
    summary: 'the flow label of IPv6 probes, 0 to 1048575 (default 0)',
    apply: (draft, value, name) => {
      draft.flowLabel = wholeNumber(value, name, 0, MAX_FLOW_LABEL);
    },
  },
  {
    long: 'nat64',
    argument: 'PREFIX',
    summary: 'show the IPv4 address in IPv6 ones behind this prefix too (64:ff9b::/96 is known)',
    apply: (draft, value, name) => {
      const prefix = parseNat64Prefix(value);
      if (!prefix) {
        throw new UsageError(`${name} ${value}: expected an IPv6 prefix of /32, /40, /48, /56, /64 or /96`);
      }
      draft.nat64.push(prefix);
    },
  },
  {
    long: 'dnat',
    summary: 'show where a router has rewritten the destination',
    apply: (draft) => {
      draft.translation = 'report';
    },
  },
  {
    long: 'no-dnat',
    summary: 'accept a rewritten destination silently (the default)',
    apply: (draft) => {
      draft.translation = 'accept';
    },
  },
  {
    long: 'no-dnat-strict',
    summary: 'ignore replies that quote a rewritten destination',
    apply: (draft) => {
      draft.translation = 'ignore';
    },
  },
  {
    long: 'transport',
    argument: 'WAY',
    choices: transports,
    summary: 'the way to the wire: auto (the default), kernel or raw-socket',
    apply: (draft, value, name) => {
      const transport = transports.find((known) => known === value);
      if (!transport) throw new UsageError(`${name} ${value}: expected one of ${transports.join(', ')}`);
      draft.transport = transport;
    },
  },
  {
    long: 'json',
    summary: 'print one JSON document in place of the text',
    apply: (draft) => {
      draft.json = true;
    },
  },
  {
    long: 'matrix',
    argument: 'SPEC,...',
    summary:
      'trace with all of these probes at once and tell which one dies where: NAME[/PORT][:FLAG[+FLAG]], or default',
    apply: (draft, value) => {
      draft.matrix = value;
    },
  },
  {
    long: 'explain',
    summary: 'with --matrix: explain each verdict, with the filter rule that would allow the probe',
    apply: (draft) => {
      draft.explain = true;
    },
  },
  {
    long: COMPLETION_OPTION,
    argument: 'SHELL',
    choices: completionShells,
    summary: 'print the completion script of this shell: bash, zsh or fish',
    apply: (_draft, value, name) => {
      completionShell(value, name);
    },
  },
  {
    long: 'help',
    summary: 'show this help',
    apply: (draft) => {
      draft.ask = 'help';
    },
  },
  {
    long: 'version',
    summary: 'show the version',
    apply: (draft) => {
      draft.ask = 'version';
    },
  },
];

/** The value of an option that has no traditional wording. @throws UsageError naming option, value and range */
function wholeNumber(value: string, name: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${name} ${value}: expected a whole number from ${least} to ${most}`);
}
