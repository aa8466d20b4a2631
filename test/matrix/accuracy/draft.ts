/** A network that is being drawn: a plain chain of routers at first, which a kind then changes. */
import type { Family } from '../../../src/model/address.ts';
import type {
  DestinationFormat,
  HopFormat,
  PathFormat,
  PortState,
  StackFormat,
} from '../../sim/path-format.ts';
import type { Typed } from './columns.ts';
import type { Draw } from './draw.ts';

/** Replies that get lost on their way back. */
interface Loss {
  /** Of all replies, 0 to 1. */
  readonly share: number;
  /** How many go in a row, on average. */
  readonly length: number;
}

/** A path, the command that is run over it, and what the way back loses. */
export interface Draft {
  readonly family: Family;
  readonly path: PathFormat;
  readonly typed: Typed;
  /** Options of the command besides the matrix. */
  readonly options: readonly string[];
  /** In octets; undefined: what the command sends by itself. */
  readonly length?: number;
  readonly loss?: Loss;
}

/** Makes a network into one of a kind. */
export type Kind = (draft: Draft, draw: Draw) => Draft;

export const TARGET = { 4: '10.99.0.1', 6: 'fd99::1' } as const;
const LEAST_HOPS = 2;
const MOST_HOPS = 18;
const LONGEST_LINK_MS = 12;
/** What systems begin the TTL of their answers with. */
const INITIAL_TTLS = [64, 64, 128, 255];

/** Draws a chain of routers that all answer, and a host. */
export function drawChain(draw: Draw, typed: Typed): Draft {
  const family = draw.chance(0.2) ? 6 : 4;
  const count = draw.int(LEAST_HOPS, MOST_HOPS);
  const times = [0];
  for (let link = 0; link <= count; link++) {
    times.push((times.at(-1) ?? 0) + 1 + Math.round(draw.random() * LONGEST_LINK_MS));
  }
  const hops = Array.from({ length: count }, (_, index) => routerAt(index + 1, times[index + 1] ?? 0));
  const dst = drawHost(draw, count, times[count + 1] ?? 0);
  return { family, path: { src: '10.0.0.1', src6: 'fd00::1', hops, dst }, typed, options: [] };
}

/** A router that nothing is wrong with. Its addresses are of its number, which is that of its hop. */
export function routerAt(ttl: number, delay: number, network = 10): HopFormat {
  return { addr: `${network}.${ttl}.0.1`, addr6: `fd${network}:${ttl}::1`, delay, reply_ttl: 256 - ttl };
}

/** Draws a host behind so many routers. */
export function drawHost(draw: Draw, routers: number, delay: number): DestinationFormat {
  const state = (): PortState => draw.one(['open', 'open', 'closed', 'filtered']);
  const datagrams = (): PortState => draw.one(['open', 'closed', 'filtered']);
  return {
    addr: TARGET[4],
    addr6: TARGET[6],
    delay,
    reply_ttl: draw.one(INITIAL_TTLS) - routers,
    icmp: draw.chance(0.8),
    tcp: { 22: state(), 80: state(), 443: state() },
    tcp_default: draw.one(['closed', 'filtered']),
    udp: { 53: datagrams(), 123: datagrams() },
    udp_default: draw.one(['closed', 'closed', 'closed', 'filtered', 'filtered', 'echo']),
    ...(draw.chance(0.2) ? { sctp: { 80: draw.one(['open', 'closed'] as const) } } : {}),
    proto_default: draw.one(['unreach', 'silent']),
    stack: drawStack(draw),
  };
}

/** Draws the marks of a system. */
export function drawStack(draw: Draw): StackFormat {
  return {
    ip_id: draw.one(['zero', 'counter', 'random'] as const),
    df: draw.chance(0.6),
    window: draw.one([65_535, 64_240, 29_200, 14_600, 8192]),
    ...(draw.chance(0.8) ? { mss: draw.one([1460, 1452, 1380, 1220]) } : {}),
  };
}

/** Changes keys of the router at a hop, counted from 1. */
export function atHop(draft: Draft, ttl: number, keys: Partial<HopFormat>): Draft {
  const hops = draft.path.hops.map((hop, index) => (index === ttl - 1 ? { ...hop, ...keys } : hop));
  return withPath(draft, { hops });
}

/** Changes keys of the path. */
export function withPath(draft: Draft, keys: Partial<PathFormat>): Draft {
  return { ...draft, path: { ...draft.path, ...keys } };
}

/** Changes keys of the target. */
export function atTarget(draft: Draft, keys: Partial<DestinationFormat>): Draft {
  return withPath(draft, { dst: { ...draft.path.dst, ...keys } });
}

/** Draws a hop, from 1. */
export function anyHop({ path }: Draft, draw: Draw): number {
  return draw.int(1, path.hops.length);
}

/** Draws a matcher that means one of the columns, and perhaps more. */
export function anyMatcher({ typed }: Draft, draw: Draw): string {
  return draw.one(draw.one(typed.columns).kinds);
}

/** Draws a matcher of TCP that means one of the columns; `tcp` where there is none. */
export function tcpMatcher({ typed }: Draft, draw: Draw): string {
  const tcp = typed.columns.filter(({ kinds }) => kinds.includes('tcp'));
  return tcp.length === 0 ? 'tcp' : draw.one(draw.one(tcp).kinds.filter((kind) => kind !== 'ack'));
}
