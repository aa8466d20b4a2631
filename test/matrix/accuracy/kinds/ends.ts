/** Networks whose target is down, nowhere, elsewhere or mute. */
import { anyHop, atHop, atTarget, type Kind } from '../draft.ts';
import { LINUX_BUCKET } from './filters.ts';

/** What a router of Linux waits for a neighbour: three requests, one a second. */
const NEIGHBOUR_WAIT_MS = 3000;
const NO_HOST = { 4: 1, 6: 3 } as const;
const NO_ROUTE = { 4: 0, 6: 0 } as const;

/** Nobody has the target's address: the last router says so, late and seldom. */
export const down: Kind = (draft) =>
  atHop(draft, draft.path.hops.length, {
    reject: { any: NO_HOST[draft.family] },
    reject_delay: NEIGHBOUR_WAIT_MS,
    bucket: LINUX_BUCKET,
  });

/** A router on the way has no route. */
export const noNetwork: Kind = (draft, draw) =>
  atHop(draft, anyHop(draft, draw), {
    reject: { any: NO_ROUTE[draft.family] },
    ...(draw.chance(0.5) ? { bucket: LINUX_BUCKET } : {}),
  });

/** The target's ICMP messages come from another of its addresses. */
export const otherAddress: Kind = (draft) =>
  atTarget(draft, { from: '10.98.0.1', from6: 'fd98::1', from_icmp: true });

/** The target answers one column, or none. */
export const muteTarget: Kind = (draft, draw) => {
  const web = draw.chance(0.5) ? ({ 443: 'open' } as const) : {};
  return atTarget(draft, {
    icmp: false,
    tcp: web,
    tcp_default: 'filtered',
    udp: {},
    udp_default: 'filtered',
    proto_default: 'silent',
    sctp: { 80: 'filtered' },
  });
};
