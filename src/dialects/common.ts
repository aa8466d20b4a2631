/** The long options that both commands share. */
import type { Family } from '../model/address.ts';
import { UsageError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { parseNat64Prefix, WELL_KNOWN_PREFIX, type Nat64Prefix } from '../model/nat64.ts';
import { COMPLETION_OPTION, completionShell, completionShells } from './completion/shell.ts';
import { flag, valued, type OptionTable } from './option-table.ts';

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
  flag('-4', 'use IPv4 alone', (draft) => {
    draft.family = 4;
  }),
  flag('-6', 'use IPv6 alone', (draft) => {
    draft.family = 6;
  }),
  valued(
    '--parallel',
    'N',
    'probes in flight at once, 1 to 1024: 1 sends, waits, sends (default 48)',
    (draft, value, name) => {
      draft.parallel = wholeNumber(value, name, 1, MAX_PARALLEL);
    },
  ),
  flag('--fast', 'send everything at once, for scripts: routers may limit their answers', (draft) => {
    draft.parallel = MAX_PARALLEL;
  }),
  valued(
    '--flow-label',
    'N',
    'the flow label of IPv6 probes, 0 to 1048575 (default 0)',
    (draft, value, name) => {
      draft.flowLabel = wholeNumber(value, name, 0, MAX_FLOW_LABEL);
    },
  ),
  valued(
    '--nat64',
    'PREFIX',
    'show the IPv4 address in IPv6 ones behind this prefix too (64:ff9b::/96 is known)',
    (draft, value, name) => {
      const prefix = parseNat64Prefix(value);
      if (!prefix) {
        throw new UsageError(`${name} ${value}: expected an IPv6 prefix of /32, /40, /48, /56, /64 or /96`);
      }
      draft.nat64.push(prefix);
    },
  ),
  flag('--dnat', 'show where a router has rewritten the destination', (draft) => {
    draft.translation = 'report';
  }),
  flag('--no-dnat', 'accept a rewritten destination silently (the default)', (draft) => {
    draft.translation = 'accept';
  }),
  flag('--no-dnat-strict', 'ignore replies that quote a rewritten destination', (draft) => {
    draft.translation = 'ignore';
  }),
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
  flag('--json', 'print one JSON document in place of the text', (draft) => {
    draft.json = true;
  }),
  valued(
    '--matrix',
    'SPEC,...',
    'trace with all of these probes at once and tell which one dies where: NAME[/PORT][:FLAG[+FLAG]], or default',
    (draft, value) => {
      draft.matrix = value;
    },
  ),
  flag(
    '--explain',
    'with --matrix: explain each verdict, with the filter rule that would allow the probe',
    (draft) => {
      draft.explain = true;
    },
  ),
  {
    long: COMPLETION_OPTION,
    argument: 'SHELL',
    choices: completionShells,
    summary: 'print the completion script of this shell: bash, zsh or fish',
    apply: (_draft, value, name) => {
      completionShell(value, name);
    },
  },
  flag('--help', 'show this help', (draft) => {
    draft.ask = 'help';
  }),
  flag('--version', 'show the version', (draft) => {
    draft.ask = 'version';
  }),
];

/** The value of an option that has no traditional wording. @throws UsageError naming option, value and range */
function wholeNumber(value: string, name: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${name} ${value}: expected a whole number from ${least} to ${most}`);
}
