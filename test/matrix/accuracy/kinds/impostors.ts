/** Networks in which something nearer answers in the target's name. */
import type { HopFormat } from '../../../sim/path-format.ts';
import {
  anyHop,
  anyMatcher,
  atHop,
  atTarget,
  drawStack,
  tcpMatcher,
  type Draft,
  type Kind,
} from '../draft.ts';
import type { Draw } from '../draw.ts';

/** The marks of what is forged: the box's own, or the target's. */
function marks({ path }: Draft, draw: Draw, isTuned: boolean): Partial<HopFormat> {
  if (isTuned) return { rst_ttl: 'target', ...(path.dst.stack ? { stack: path.dst.stack } : {}) };
  // a box's datagrams begin with a TTL of its own; some put the probe's own on them
  return { stack: drawStack(draw), ...(draw.chance(0.5) ? { rst_ttl: draw.int(30, 250) } : {}) };
}

function reset(isTuned: boolean): Kind {
  return (draft, draw) =>
    atHop(draft, anyHop(draft, draw), {
      reject: { [tcpMatcher(draft, draw)]: 'rst' },
      ...marks(draft, draw, isTuned),
    });
}

/** A firewall that resets. */
export const ownReset = reset(false);

/** One that gives its segments the TTL and the marks of the target. */
export const tunedReset = reset(true);

/** A transparent proxy that takes one port, or all. */
export const proxy: Kind = (draft, draw) => {
  const synack = [draw.chance(0.4) ? 'tcp' : tcpMatcher(draft, draw)];
  return atHop(draft, anyHop(draft, draw), { synack, ...marks(draft, draw, draw.chance(0.3)) });
};

/** The same before a target that answers neither echo requests nor UDP. */
export const proxyMute: Kind = (draft, draw) => {
  const mute = { icmp: false, udp: {}, udp_default: 'filtered', proto_default: 'silent' } as const;
  return proxy(atTarget(draft, mute), draw);
};

/** A guard against SYN floods before the target answers each SYN itself. */
export const synProxy: Kind = (draft, draw) =>
  atHop(draft, draft.path.hops.length, { synack: ['syn'], ...marks(draft, draw, draw.chance(0.5)) });

/** A firewall whose refusals bear the target's address. */
export const forgedError: Kind = (draft, draw) => {
  const code = draw.one(draft.family === 4 ? [3, 13, 10] : [4, 1]);
  return atHop(draft, anyHop(draft, draw), {
    reject: { [anyMatcher(draft, draw)]: code },
    reject_forged: true,
    ...marks(draft, draw, draw.chance(0.5)),
  });
};
