/** Which way a probe takes over a path whose routers do not send all alike. */
import type { Datagram } from './datagram.ts';
import { matches } from './filter.ts';
import type { DestinationFormat, HopFormat, PathFormat, WayFormat } from './path-format.ts';
import type { Random } from './random.ts';
import { flowHash } from './responder-address.ts';

/** The routers of one probe, and the host behind them. */
export interface Way {
  readonly hops: readonly HopFormat[];
  readonly dst: DestinationFormat;
}

/** Gives the way that a probe takes: the first that fits, or else the path's own. */
export function wayOf(path: PathFormat, probe: Datagram, random: Random): Way {
  const way = path.ways?.find((each) => isTaken(each, probe, random));
  return way ? joined(path, way) : path;
}

/** Gives a way from its first hop on, those of the path before it included. */
export function joined({ hops, dst }: PathFormat, way: WayFormat): Way {
  return { hops: [...hops.slice(0, way.after), ...way.hops], dst: way.dst ?? dst };
}

function isTaken({ kinds, flow, share = 1 }: WayFormat, probe: Datagram, random: Random): boolean {
  if (kinds && !kinds.some((kind) => matches(kind, probe))) return false;
  if (share < 1 && random() >= share) return false;
  return flow === undefined || flowHash(probe) % flow.of === flow.index;
}
