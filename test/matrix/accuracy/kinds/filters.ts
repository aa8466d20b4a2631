/** Networks that filter: without a word, by ICMP errors, and by rates. */
import type { Bucket } from '../../../sim/path-format.ts';
import { anyHop, anyMatcher, atHop, type Draft, type Kind } from '../draft.ts';
import type { Draw } from '../draw.ts';

/** A stateless list that drops one kind. */
export const drop: Kind = (draft, draw) =>
  atHop(draft, anyHop(draft, draw), { drop: anyMatcher(draft, draw) });

/** A list that lets one kind pass alone. */
export const allowOnly: Kind = (draft, draw) => {
  const allowed = draw.one(draft.typed.columns).kinds;
  const others = draft.typed.columns.flatMap(({ kinds }) => kinds.slice(-1));
  const drops = [...new Set(others)].filter((kind) => !allowed.includes(kind));
  return atHop(draft, anyHop(draft, draw), { drop: drops });
};

/** A stateful firewall: of a connection it wants to see the SYN, and no second one with another number. */
export const stateful: Kind = (draft, draw) => {
  const firewall = draw.chance(0.5) ? { isn_lock: true } : { drop: ['ack', anyMatcher(draft, draw)] };
  return atHop(draft, anyHop(draft, draw), firewall);
};

/** What filters say, by family: by administrator, host, network, port, no route. */
const CODES = { 4: [13, 13, 10, 9, 3, 1], 6: [1, 1, 4, 5, 6] } as const;

function refusing(draft: Draft, draw: Draw): ReturnType<typeof refusalOf> {
  return refusalOf(anyMatcher(draft, draw), draw.one(CODES[draft.family]));
}

function refusalOf(matcher: string, code: number): { readonly reject: Record<string, number> } {
  return { reject: { [matcher]: code } };
}

/** A firewall that says what it refuses. */
export const reject: Kind = (draft, draw) => atHop(draft, anyHop(draft, draw), refusing(draft, draw));

/** Linux: net.ipv4.icmp_ratelimit, for each destination and all kinds of errors together. */
export const LINUX_BUCKET: Bucket = [1, 6];

/** The same under a limit: that of Linux, for each destination or for all; of others, for refusals alone. */
export const rejectLimited: Kind = (draft, draw) => {
  const limit = draw.one([
    { bucket: LINUX_BUCKET },
    { bucket: LINUX_BUCKET },
    { bucket: [1, 1] },
    { bucket: [100, 10] },
    { reject_bucket: [2, 1] },
    { reject_bucket: [1, 1] },
  ] as const);
  const rule = draw.chance(0.5) ? refusing(draft, draw) : refusalOf('tcp', 13);
  return atHop(draft, anyHop(draft, draw), { ...rule, ...limit });
};

/** A guard against floods: SYNs, or another kind, beyond a rate are lost. */
export const policer: Kind = (draft, draw) => {
  const kinds = draw.chance(0.6) ? ['syn'] : [anyMatcher(draft, draw)];
  const limits = { rate: draw.one([1, 1, 2, 5, 10, 50]), burst: draw.int(1, 8) };
  return atHop(draft, anyHop(draft, draw), { policer: { kinds, ...limits } });
};

/** A link that is too narrow for the packets, and a router that does not say so. */
export const mtuHole: Kind = (draft, draw) => ({
  ...atHop(draft, anyHop(draft, draw), { mtu: draw.int(576, 1300), mtu_silent: true }),
  options: ['-F'],
  length: 1400,
});
