/** The registry of probes. A new one is its file, and its line here. */
import type { ProbeType } from '../src/engine/probe-type.ts';
import { generic } from './generic.ts';
import { gre } from './gre.ts';
import { icmpEcho } from './icmp-echo.ts';
import { sctp } from './sctp.ts';
import { tcp } from './tcp.ts';
import { udp } from './udp.ts';
import { udplite } from './udplite.ts';

/** All probe types. The default comes first, the one for any protocol last. */
export const probeTypes = [
  udp,
  udplite,
  icmpEcho,
  tcp,
  sctp,
  gre,
  generic,
] as const satisfies readonly ProbeType[];

export type { ProbeType };

/** The type that serves every IP protocol without a type of its own. */
export const anyProtocol: ProbeType = generic;
