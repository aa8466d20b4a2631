/** Networks whose routers answer in their own ways: some probes, seldom, late, out of tunnels. */
import type { HopFormat } from '../../../sim/path-format.ts';
import { anyHop, anyMatcher, atHop, atTarget, TARGET, withPath, type Draft, type Kind } from '../draft.ts';
import type { Draw } from '../draw.ts';
import { LINUX_BUCKET } from './filters.ts';

/** Changes each router. */
export function eachHop(draft: Draft, change: (hop: HopFormat, index: number) => HopFormat): Draft {
  return withPath(draft, { hops: draft.path.hops.map(change) });
}

/** Protocols that a router's control plane may answer, and others not. */
const PROTOCOLS = ['icmp', 'udp', 'tcp', 'gre', 'proto:50', 'sctp'];

/** What a picky router answers: some protocols; all but TCP; all but ICMP. */
export function pickiness(draw: Draw): Pick<HopFormat, 'te_only'> {
  const without = (name: string) => PROTOCOLS.filter((protocol) => protocol !== name);
  const te_only = draw.one([['icmp'], ['udp'], ['icmp', 'udp'], without('tcp'), without('icmp'), ['tcp']]);
  return { te_only };
}

/** One to three routers answer time exceeded to some protocols only. */
export const picky: Kind = (draft, draw) => {
  let changed = draft;
  for (let count = draw.int(1, 3); count > 0; count--) {
    const ttl = draw.chance(0.4) ? draft.path.hops.length : anyHop(draft, draw);
    changed = atHop(changed, ttl, pickiness(draw));
  }
  return changed;
};

/** The last routers say nothing. */
export const silentTail: Kind = (draft, draw) => {
  const count = draw.int(1, Math.min(4, draft.path.hops.length));
  const first = draft.path.hops.length - count;
  return eachHop(draft, (hop, index) => (index >= first ? { ...hop, silent: true } : hop));
};

/** One router takes a second and more to answer; what passes it is quick. */
export const late: Kind = (draft, draw) => {
  const ttl = anyHop(draft, draw);
  const delay = (draft.path.hops[ttl - 1]?.delay ?? 0) + draw.int(300, 1500);
  return atHop(draft, ttl, { delay });
};

/** All routers, and often the target, limit their errors for each source. */
export const errorLimits: Kind = (draft, draw) => {
  const bucket = draw.one([LINUX_BUCKET, LINUX_BUCKET, [10, 10], [2, 1], [5, 2]] as const);
  const limited = eachHop(draft, (hop) => ({ ...hop, bucket }));
  const { dst } = limited.path;
  return draw.chance(0.5) ? withPath(limited, { dst: { ...dst, bucket } }) : limited;
};

/** A carrier's translator knows TCP, UDP and ICMP, and of TCP what begins with a SYN. */
export const carrierNat: Kind = (draft, draw) => {
  const drops = ['gre', 'proto:50', 'sctp', ...(draw.chance(0.5) ? ['ack'] : [])];
  const home = atHop(draft, 1, { addr: '192.168.1.1' });
  return atHop(home, 2, { addr: '100.64.0.1', drop: drops });
};

/** A carrier's gateway or a tunnel gives what passes a fresh TTL: the rest of the path is hidden, the target one hop on. */
export const ttlReset: Kind = (draft, draw) => {
  const kinds = draw.chance(0.3) ? ['any'] : [anyMatcher(draft, draw)];
  return atHop(draft, anyHop(draft, draw), { ttl_set: { kinds, ttl: 64 } });
};

/** A router says time exceeded in the target's name: a virtual one on the way, or the target itself at first. */
export const targetInTransit: Kind = (draft, draw) => {
  const own = { addr: TARGET[4], addr6: TARGET[6] };
  const ttl = draw.one([1, draft.path.hops.length, draft.path.hops.length, anyHop(draft, draw)]);
  return atTarget(atHop(draft, ttl, own), { any: true });
};

/** A router says that the target cannot be had where it should say time exceeded, at times or always. What passes, passes. */
export const wrongWord: Kind = (draft, draw) => {
  const code = draw.one(draft.family === 4 ? [1, 3, 10, 13] : [0, 1, 3, 4]);
  const word = draw.chance(0.5)
    ? ({
        turns: draw.one([
          ['te', code],
          ['te', 'te', code],
          [code, 'te', 'te', 'te'],
        ] as const),
      } as const)
    : { code };
  return atHop(draft, anyHop(draft, draw), word);
};

const FIRST_LABEL = 16;

/** An MPLS tunnel that copies the TTL: its routers answer by way of its end, with labels, and quote a TTL that grows. */
export const mpls: Kind = (draft, draw) => {
  const { hops } = draft.path;
  const first = anyHop(draft, draw) - 1;
  const last = Math.min(hops.length - 1, first + draw.int(1, 5));
  const delay = hops[last]?.delay ?? 0;
  const label = draw.int(FIRST_LABEL, 300_000);
  return eachHop(draft, (hop, index) => {
    if (index < first || index >= last) return hop;
    const depth = index - first + 1;
    return {
      ...hop,
      delay,
      mpls: [[label + index, 0, 1, 1]],
      quote_ttl: depth,
      reply_ttl: Math.max(1, (hop.reply_ttl ?? 255) - 2 * (last - index)),
    };
  });
};

/** A tunnel that hides its routers: one link takes long. */
export const hiddenTunnel: Kind = (draft, draw) => {
  const from = anyHop(draft, draw) - 1;
  const added = draw.int(20, 150);
  const slow = eachHop(draft, (hop, index) =>
    index >= from
      ? { ...hop, delay: (hop.delay ?? 0) + added, reply_ttl: Math.max(1, (hop.reply_ttl ?? 255) - 4) }
      : hop,
  );
  const { dst } = slow.path;
  return withPath(slow, { dst: { ...dst, delay: (dst.delay ?? 0) + added } });
};
