/** The probes that users type, and what filters in the path format call them. */
import type { HostFormat, Matcher, PortState } from '../../sim/path-format.ts';
import type { Draw } from './draw.ts';

/** What a host's own answer says of a column; `mute`: it answers nothing. */
export type TargetState = 'open' | 'closed' | 'reached' | 'mute';

/** One probe of a matrix, as far as networks tell probes apart. */
export interface Column {
  /** As the matrix names it. */
  readonly name: string;
  /** The matchers that mean it. */
  readonly kinds: readonly Matcher[];
}

const KINDS: Readonly<Record<string, readonly Matcher[]>> = {
  icmp: ['icmp'],
  'udp/53': ['udp', 'udp:53'],
  udp: ['udp', 'udp:33434'],
  'udp/123': ['udp', 'udp:123'],
  'tcp/22': ['tcp', 'syn', 'tcp:22'],
  'tcp/80': ['tcp', 'syn', 'tcp:80'],
  'tcp/443': ['tcp', 'syn', 'tcp:443'],
  'tcp/8080': ['tcp', 'syn', 'tcp:8080'],
  'tcp/443:ack': ['tcp', 'ack', 'tcp:443'],
  gre: ['gre'],
  esp: ['proto:50'],
  'sctp/80': ['sctp', 'sctp:80'],
};
/** Their datagrams ask a question, and are no longer whatever length the user wants. */
const QUESTIONS: readonly string[] = ['udp/53', 'udp/123'];
/** What `default` stands for. */
const DEFAULT = ['icmp', 'udp', 'tcp/80', 'tcp/443', 'tcp/443:ack', 'gre'];

/** What a user types, and the columns that it makes. */
export interface Typed {
  readonly text: string;
  readonly columns: readonly Column[];
}

/** Draws a command line's list of probes: `default` and a few more, or two to nine by name. */
export function drawColumns(draw: Draw): Typed {
  const named = Object.keys(KINDS);
  if (draw.chance(0.2)) {
    const more = draw.some(named, draw.int(0, 3));
    return typed(['default', ...more].join(), [...DEFAULT, ...more]);
  }
  // nearly all users ask for ping beside what fails
  const first = draw.chance(0.8) ? ['icmp'] : [];
  const names = [...new Set([...first, ...draw.some(named, draw.int(2, 8))])];
  return typed(names.join(), names);
}

function typed(text: string, names: readonly string[]): Typed {
  return { text, columns: [...new Set(names)].map(columnOf) };
}

/**
 * Knows a column by its name.
 * @throws Error when no network here knows it
 */
export function columnOf(name: string): Column {
  const kinds = KINDS[name];
  if (!kinds) throw new Error(`no such column: ${name}`);
  return { name, kinds };
}

/** Tells whether a column's datagrams have the length that the user asks for. */
export function hasAnyLength({ name }: Column): boolean {
  return !QUESTIONS.includes(name);
}

/** Tells whether a filter's matcher, or one of several, means a column. */
export function meets({ kinds }: Column, matchers: Matcher | readonly Matcher[]): boolean {
  return [matchers].flat().some((matcher) => matcher === 'any' || kinds.includes(matcher));
}

/** What a host says to a column that reaches it. */
export function stateAt(host: HostFormat, column: Column): TargetState {
  const [protocol = '', port = ''] = (column.kinds.at(-1) ?? '').split(':');
  switch (protocol) {
    case 'icmp':
      return host.icmp === false ? 'mute' : 'reached';
    case 'udp':
      return udpState(host.udp?.[port] ?? host.udp_default ?? 'closed');
    case 'tcp':
      return tcpState(host.tcp?.[port] ?? host.tcp_default ?? 'closed', meets(column, 'ack'));
    case 'sctp': {
      const state = host.sctp?.[port];
      return state === undefined ? unknownState(host) : tcpState(state, false);
    }
    default:
      return unknownState(host);
  }
}

function udpState(state: PortState): TargetState {
  if (state === 'echo') return 'open';
  return state === 'closed' ? 'closed' : 'mute';
}

function tcpState(state: PortState, isAck: boolean): TargetState {
  if (state === 'filtered') return 'mute';
  if (isAck) return 'reached';
  return state === 'open' ? 'open' : 'closed';
}

function unknownState({ proto_default }: HostFormat): TargetState {
  return proto_default === 'silent' ? 'mute' : 'reached';
}
