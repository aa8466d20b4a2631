/** The registry of probes: a new one is its file and its line here. */
import type { ProbeType } from '../src/engine/probe-type.ts';
import { generic } from './generic.ts';
import { gre } from './gre.ts';
import { icmpEcho } from './icmp-echo.ts';
import { sctp } from './sctp.ts';
import { tcp } from './tcp.ts';
import { udp } from './udp.ts';
import { udplite } from './udplite.ts';

/** All probes, the default first; the last serves every protocol that has none of its own. */
export const probeTypes = [
  udp,
  udplite,
  icmpEcho,
  tcp,
  sctp,
  gre,
  generic,
] as const satisfies readonly ProbeType[];
