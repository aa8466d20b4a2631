/** All kinds of networks, by name, and how often each is drawn. */
import type { Kind } from '../draft.ts';
import * as ends from './ends.ts';
import * as filters from './filters.ts';
import * as impostors from './impostors.ts';
import * as losses from './losses.ts';
import * as routers from './routers.ts';
import * as ways from './ways.ts';

/** A kind and its weight among the others. */
export interface WeightedKind {
  readonly kind: Kind;
  readonly weight: number;
}

function weighted(weight: number, kind: Kind): WeightedKind {
  return { kind, weight };
}

export const KINDS: Readonly<Record<string, WeightedKind>> = {
  clean: weighted(2, losses.clean),
  lossy: weighted(2, losses.lossy),
  bursty: weighted(2, losses.bursty),
  jitter: weighted(1, losses.jittery),
  drop: weighted(5, filters.drop),
  'allow-only': weighted(2, filters.allowOnly),
  stateful: weighted(3, filters.stateful),
  reject: weighted(4, filters.reject),
  'reject-limited': weighted(4, filters.rejectLimited),
  policer: weighted(4, filters.policer),
  'mtu-hole': weighted(1, filters.mtuHole),
  reset: weighted(4, impostors.ownReset),
  'reset-tuned': weighted(4, impostors.tunedReset),
  proxy: weighted(4, impostors.proxy),
  'proxy-mute': weighted(4, impostors.proxyMute),
  'syn-proxy': weighted(3, impostors.synProxy),
  'forged-error': weighted(3, impostors.forgedError),
  picky: weighted(5, routers.picky),
  'silent-tail': weighted(2, routers.silentTail),
  late: weighted(2, routers.late),
  'error-limits': weighted(3, routers.errorLimits),
  'carrier-nat': weighted(2, routers.carrierNat),
  'ttl-reset': weighted(2, routers.ttlReset),
  'target-in-transit': weighted(2, routers.targetInTransit),
  'wrong-word': weighted(2, routers.wrongWord),
  mpls: weighted(2, routers.mpls),
  'hidden-tunnel': weighted(1, routers.hiddenTunnel),
  'port-forwarding': weighted(4, ways.portForwarding),
  loop: weighted(2, ways.loopForAll),
  'policy-loop': weighted(3, ways.policyLoop),
  'policy-route': weighted(2, ways.policyRoute),
  branches: weighted(3, ways.unequalBranches),
  'dropping-branch': weighted(3, ways.droppingBranch),
  asymmetric: weighted(2, ways.asymmetric),
  down: weighted(3, ends.down),
  'no-network': weighted(2, ends.noNetwork),
  'other-address': weighted(2, ends.otherAddress),
  'mute-target': weighted(2, ends.muteTarget),
};
