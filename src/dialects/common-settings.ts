/** The long options of both commands that set a member of the plan: from the words of the user to the value. */
import { UsageError } from '../model/errors.ts';
import { parseNat64Prefix, WELL_KNOWN_PREFIX, type Nat64Prefix } from '../model/nat64.ts';
import type { CommonPlan } from '../model/plan.ts';
import type { OptionGroup, OptionText } from './option-table.ts';
import { oneOf, wholeNumber } from './option-value.ts';

/** One way to set a member. */
interface SettingOption<Value> extends OptionText {
  /**
   * The value after the option.
   * @param text - what the user gave, '' where the option takes no value
   * @param name - the option as the user wrote it, for messages
   * @param before - the value so far, for options that may come again
   * @throws UsageError on a bad value
   */
  next(text: string, name: string, before: Value): Value;
}

/** A member of the plan: its value when nobody says, and the options that set it. */
export interface Setting<Value> {
  readonly group: OptionGroup;
  /** When absent, the plan lacks the member until an option sets it. */
  readonly initial?: Value;
  readonly options: readonly SettingOption<Value>[];
}

/** RFC 6437 section 2: 20 bits. */
const MAX_FLOW_LABEL = 0xfffff;
/** 32 bits. socket(7), SO_MARK */
const MAX_MARK = 0xffff_ffff;
/** No path needs a larger window. */
const MAX_PARALLEL = 1024;

/** No TTL is larger. */
const MAX_GAP = 255;

const TRANSPORTS = [
  'auto',
  'kernel',
  'raw-socket',
  'plain',
] as const satisfies readonly CommonPlan['transport'][];

/** One entry for each member of the common plan; the compiler asks for the one that is missing. */
export const commonSettings: { readonly [Key in keyof CommonPlan]-?: Setting<CommonPlan[Key]> } = {
  parallel: {
    group: 'timing',
    options: [
      {
        long: 'parallel',
        argument: 'N',
        summary: 'keep at most N probes in flight, 1 to 1024 (default 48); 1 sends, waits, sends',
        next: (text, name) => wholeNumber(text, name, 1, MAX_PARALLEL),
      },
      {
        long: 'fast',
        summary: 'send everything at once, for scripts; routers may limit their answers',
        next: () => MAX_PARALLEL,
      },
    ],
  },
  gap: {
    group: 'timing',
    options: [
      {
        long: 'gap',
        argument: 'N',
        summary: 'end after N silent hops in a row, 1 to 255 (default: go on to the largest TTL)',
        next: (text, name) => wholeNumber(text, name, 1, MAX_GAP),
      },
    ],
  },
  flowLabel: {
    group: 'sending',
    options: [
      {
        long: 'flow-label',
        argument: 'N',
        summary: 'set the flow label of IPv6 probes, 0 to 1048575 (default 0)',
        next: (text, name) => wholeNumber(text, name, 0, MAX_FLOW_LABEL),
      },
    ],
  },
  mark: {
    group: 'sending',
    options: [
      {
        long: 'mark',
        argument: 'N',
        summary: 'set the firewall mark of probes, 1 to 4294967295 (0x1f too): rules may route by it',
        next: (text, name) => firewallMark(text, name),
      },
    ],
  },
  transport: {
    group: 'sending',
    initial: 'auto',
    options: [
      {
        long: 'transport',
        argument: 'WAY',
        choices: TRANSPORTS,
        summary:
          'choose the way to the wire: auto (the default), kernel, raw-socket, or plain: sockets as programs have them, whose SYNs carry TCP options',
        next: (text, name) => oneOf(text, name, TRANSPORTS),
      },
    ],
  },
  nat64: {
    group: 'names',
    initial: [WELL_KNOWN_PREFIX],
    options: [
      {
        long: 'nat64',
        argument: 'PREFIX',
        summary:
          'show the IPv4 address that IPv6 addresses behind PREFIX hold; may be given again (64:ff9b::/96 is known)',
        next: (text, name, before) => [...before, nat64Prefix(text, name)],
      },
    ],
  },
  translation: {
    group: 'output',
    initial: 'accept',
    options: [
      { long: 'dnat', summary: 'show where a router has rewritten the destination', next: () => 'report' },
      {
        long: 'no-dnat',
        summary: 'accept a rewritten destination, and say nothing (the default)',
        next: () => 'accept',
      },
      {
        long: 'no-dnat-strict',
        summary: 'ignore replies that quote a rewritten destination',
        next: () => 'ignore',
      },
    ],
  },
  extensions: {
    group: 'output',
    initial: false,
    options: [
      {
        long: 'extensions',
        summary: 'show what routers add to their answers: MPLS labels, interfaces',
        next: () => true,
      },
    ],
  },
  json: {
    group: 'output',
    initial: false,
    options: [{ long: 'json', summary: 'print one JSON document in place of the text', next: () => true }],
  },
};

/** As ip-rule(8) and nft(8) write it: in decimal or with 0x in hexadecimal. 0 is no mark. */
function firewallMark(text: string, name: string): number {
  const mark = /^(?:\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : 0;
  if (mark >= 1 && mark <= MAX_MARK) return mark;
  throw new UsageError(
    `${name} ${text}: expected a whole number from 1 to ${MAX_MARK}, or 0x1 to 0xffffffff`,
  );
}

function nat64Prefix(text: string, name: string): Nat64Prefix {
  const prefix = parseNat64Prefix(text);
  if (prefix) return prefix;
  throw new UsageError(`${name} ${text}: expected an IPv6 prefix of /32, /40, /48, /56, /64 or /96`);
}
