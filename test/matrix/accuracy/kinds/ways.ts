/** Networks that send some probes another way. */
import type { HopFormat, WayFormat } from '../../../sim/path-format.ts';
import {
  anyHop,
  anyMatcher,
  atTarget,
  drawHost,
  routerAt,
  TARGET,
  withPath,
  type Draft,
  type Kind,
} from '../draft.ts';
import type { Draw } from '../draw.ts';

const FORWARDED = ['tcp:443', 'tcp:80', 'tcp:22', 'udp:53', 'tcp'];
/** More than any probe's TTL. */
const LOOP_LENGTH = 70;
const SECOND_NETWORK = 11;
const INNER_NETWORK = 12;

function withWay(draft: Draft, way: WayFormat): Draft {
  return withPath(draft, { ways: [...(draft.path.ways ?? []), way] });
}

/**
 * The target translates addresses: it answers for itself, and sends some ports on to a host behind it. What its kernel
 * and the routers behind it say of these comes from the target's own address, or from private ones.
 */
export const portForwarding: Kind = (draft, draw) => {
  const { hops, dst } = draft.path;
  const own = { addr: TARGET[4], addr6: TARGET[6] };
  const behind = Array.from({ length: draw.int(0, 2) }, (_, index): HopFormat => {
    const inner = routerAt(index + 1, (dst.delay ?? 0) + index + 1, INNER_NETWORK);
    return draw.chance(0.5) ? { ...inner, ...own } : inner;
  });
  const box = {
    ...own,
    delay: dst.delay ?? 0,
    reply_ttl: dst.reply_ttl === 'arriving' ? 64 : (dst.reply_ttl ?? 64),
  };
  const depth = hops.length + 1 + behind.length;
  const asked = draft.typed.columns.flatMap(({ kinds }) => kinds);
  const forwarded = FORWARDED.filter((kind) => asked.includes(kind));
  // an exposed host gets everything
  const kinds = [draw.chance(0.15) ? 'any' : draw.one(forwarded.length > 0 ? forwarded : FORWARDED)];
  // not all translators give the errors of hosts behind them their own address
  const inner = { from: '192.168.7.7', from6: 'fd12::7', from_icmp: true };
  const bare = kinds[0]?.startsWith('udp') && draw.chance(0.4) ? inner : {};
  const host = { ...drawHost(draw, depth, (dst.delay ?? 0) + 3), ...bare, any: true };
  return withWay(draft, { after: hops.length, kinds, hops: [box, ...behind], dst: host });
};

function loop(kindsOf: (draft: Draft, draw: Draw) => readonly string[]): Kind {
  return (draft, draw) => {
    const { hops } = draft.path;
    const first = draw.int(1, Math.max(1, hops.length - 1));
    const round = hops.slice(first - 1, first - 1 + draw.int(2, 3));
    const turns = Array.from({ length: LOOP_LENGTH }, (_, index) => round[index % round.length]);
    const looped = turns.filter((hop) => hop !== undefined);
    return withWay(draft, { after: first - 1, kinds: kindsOf(draft, draw), hops: looped });
  };
}

/** Two or three routers send everything to each other. */
export const loopForAll = loop(() => ['any']);

/** Policy routing sends one kind round. */
export const policyLoop = loop((draft, draw) => [anyMatcher(draft, draw)]);

/** Two branches of unequal length, by flow. */
function branches(draft: Draft, draw: Draw, branch: (hop: HopFormat) => HopFormat): Draft {
  const { hops } = draft.path;
  const after = draw.int(0, hops.length - 1);
  const rejoin = draw.int(after + 1, hops.length);
  const length = Math.max(1, rejoin - after + draw.int(-1, 2));
  const start = hops[after]?.delay ?? 0;
  const way = Array.from({ length }, (_, index) =>
    routerAt(after + index + 1, start + index, SECOND_NETWORK),
  );
  const [first, ...others] = way;
  const changed = first ? [branch(first), ...others] : [];
  const of = draw.int(2, 3);
  return withWay(draft, { after, flow: { index: 0, of }, hops: [...changed, ...hops.slice(rejoin)] });
}

export const unequalBranches: Kind = (draft, draw) => branches(draft, draw, (hop) => hop);

/** One of two branches drops one kind, or everything. */
export const droppingBranch: Kind = (draft, draw) => {
  const drop = draw.chance(0.5) ? 'any' : anyMatcher(draft, draw);
  return branches(draft, draw, (hop) => ({ ...hop, drop }));
};

/** Policy routing sends one kind another way, which may be longer or shorter. */
export const policyRoute: Kind = (draft, draw) => {
  const kinds = [anyMatcher(draft, draw)];
  const branched = branches(draft, draw, (hop) => hop);
  const ways = branched.path.ways?.map(({ after, hops }) => ({ after, hops, kinds }));
  return withPath(branched, { ways: ways ?? [] });
};

/** Each answer comes back its own way: times and TTLs on arrival follow no order. */
export const asymmetric: Kind = (draft, draw) => {
  const from = anyHop(draft, draw) - 1;
  const added = draw.int(0, 80);
  const hops = draft.path.hops.map((hop, index) => ({
    ...hop,
    delay: (hop.delay ?? 0) + (index >= from && draw.chance(0.5) ? added : 0),
    reply_ttl: Math.max(1, (hop.reply_ttl ?? 255) - draw.int(0, 9)),
  }));
  const ttl = typeof draft.path.dst.reply_ttl === 'number' ? draft.path.dst.reply_ttl : 64;
  return atTarget(withPath(draft, { hops }), { reply_ttl: Math.max(1, ttl - draw.int(0, 9)) });
};
