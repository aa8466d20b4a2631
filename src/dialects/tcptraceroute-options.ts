/** The options of tcptraceroute(1) 1.5beta7. */
import { UsageError } from '../model/errors.ts';
import type { NamePolicy } from '../model/plan.ts';
import { commonOptions, type CommonDraft } from './common.ts';
import { flag, inGroup, valued, type OptionTable } from './option-table.ts';

/** What the options collect, in the units of the command line. */
export interface TcptracerouteDraft extends CommonDraft {
  syn: boolean;
  ack: boolean;
  ecn: boolean;
  dontFragment: boolean;
  length?: number;
  attempts?: number;
  tos: number;
  sourcePort?: { port: number; forced: boolean };
  trackPort: boolean;
  firstTtl: number;
  maxTtl: number;
  device?: string;
  source?: string;
  waitSeconds?: number;
  names: NamePolicy;
  debug: boolean;
}

/** A number as tcptraceroute reads it: decimal digits only. @throws UsageError in the original's words */
function digits(text: string, name: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`Numeric argument required for ${name}`);
}

/** Seconds, which may be a fraction, unlike in the original. @throws UsageError in the original's words */
function seconds(text: string, name: string): number {
  return /^(\d{1,9}\.\d*|\.\d+)$/.test(text) ? Number(text) : digits(text, name);
}

/**
 * A number from 0 to `most`. The original did not check the range.
 * @throws UsageError naming the option, the value and the range
 */
export function upTo(most: number, text: string, name: string): number {
  const number = digits(text, name);
  if (number > most) throw new UsageError(`${name} ${text}: expected 0 to ${most}`);
  return number;
}

/** Port 0 leaves the choice to the system, as in the original. */
function setSourcePort(draft: TcptracerouteDraft, port: number, forced: boolean): void {
  if (port === 0) delete draft.sourcePort;
  else draft.sourcePort = { port, forced };
}

const sending = inGroup<TcptracerouteDraft>(
  'sending',
  flag('-S', 'send SYN (the default)', (draft) => (draft.syn = true)),
  flag('-A', 'send ACK, to get through stateless firewalls', (draft) => (draft.ack = true)),
  flag('-E', 'set ECE and CWR, to negotiate ECN', (draft) => (draft.ecn = true)),
  flag('-F', 'set the "don\'t fragment" bit', (draft) => (draft.dontFragment = true)),
  valued('-l', 'length', 'set the octets of the whole packet (default 40)', (draft, value, name) => {
    draft.length = upTo(0xffff, value, name);
  }),
  valued('-q', 'nqueries', 'send this many probes for each TTL (default 3)', (draft, value, name) => {
    draft.attempts = digits(value, name);
  }),
  valued('-t', 'tos', 'set the type-of-service octet, 0 to 255', (draft, value, name) => {
    draft.tos = upTo(0xff, value, name);
  }),
  valued('-p', 'source_port', 'send from this local port, which must be free', (draft, value, name) => {
    setSourcePort(draft, upTo(0xffff, value, name), draft.sourcePort?.forced ?? false);
  }),
  valued('-P', 'source_port', 'send from this local port, free or not', (draft, value, name) => {
    setSourcePort(draft, upTo(0xffff, value, name), true);
  }),
  flag('--track-id', 'keep one source port (the default)', (draft) => (draft.trackPort = false)),
  flag('--track-ipid', 'the same as --track-id', (draft) => (draft.trackPort = false)),
  flag('--track-port', 'give each probe a source port of its own', (draft) => (draft.trackPort = true)),
);

const path = inGroup<TcptracerouteDraft>(
  'path',
  valued('-f', 'first_ttl', 'begin with this TTL (default 1)', (draft, value, name) => {
    draft.firstTtl = digits(value, name);
  }),
  valued('-m', 'max_ttl', 'end after this TTL (default 30)', (draft, value, name) => {
    draft.maxTtl = digits(value, name);
  }),
  valued('-i', 'interface', 'send from the address of this interface', (draft, value) => {
    draft.device = value;
  }),
  valued('-s', 'src_addr', 'send from this address of the machine', (draft, value) => (draft.source = value)),
);

const waitSummary = 'wait this long for each reply (default: up to 3)';
const timing = inGroup<TcptracerouteDraft>(
  'timing',
  valued('-w', 'seconds', waitSummary, (draft, value, name) => {
    draft.waitSeconds = seconds(value, name);
  }),
);

const names = inGroup<TcptracerouteDraft>(
  'names',
  flag('-n', 'show addresses, not names', (draft) => (draft.names = 'none')),
  flag('-N', 'look up the names of private addresses (RFC 1918) too', (draft) => (draft.names = 'all')),
);

const output = inGroup<TcptracerouteDraft>(
  'output',
  flag('-d', 'show each step, and why packets are ignored', (draft) => (draft.debug = true)),
);

const help = inGroup<TcptracerouteDraft>(
  'help',
  flag('-h', 'show the usage', (draft) => (draft.ask = 'usage')),
  flag('-v', 'show the version', (draft) => (draft.ask = 'version')),
);

/** All options of `tcptraceroute`. */
export const tcptracerouteOptions: OptionTable<TcptracerouteDraft> = [
  ...sending,
  ...path,
  ...timing,
  ...names,
  ...output,
  ...help,
  ...commonOptions,
];
