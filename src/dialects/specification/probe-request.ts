/** The one way from the user's words for a probe to the plan's request. */
import { UsageError } from '../../model/errors.ts';
import { given } from '../../model/given.ts';
import type { MatrixProbe, ProbeRequest } from '../../model/plan.ts';
import type { ProbeType } from '../../../probes/index.ts';
import { namesOfBits } from '../../model/control-bits.ts';
import { probeByName, type NamedProbe } from './probe-name.ts';
import { flagBits, parseProbeSpec, type ProbeSpec } from './probe-spec.ts';

const MAX_PORT = 0xffff;

/** Looks up the names that a specification may have. */
export interface SpecNames {
  /** The number of an IP protocol, 1 to 255. */
  protocolNumber(name: string): number | undefined;
  /** The port of a service, 1 to 65535. */
  servicePort(name: string): number | undefined;
}

/** The request for a probe; what `wishes` leave out is as a plain traceroute sends it. */
export function probeRequest(
  { type, protocol }: NamedProbe,
  wishes: Partial<Omit<ProbeRequest, 'name' | 'protocol'>>,
): ProbeRequest {
  const tcpFlags = type.traits.flags?.initial ?? 0;
  return { name: type.name, protocol, fixedPort: false, portPerProbe: false, tcpFlags, ...wishes };
}

/**
 * The probes that a specification asks for, each with its own specification: one, or one for each port of a range.
 * @param text - `NAME[/PORT[-PORT]][:FLAG[+FLAG]]`
 * @throws UsageError that names what is wrong with it
 */
export function readProbes(text: string, names: SpecNames): readonly MatrixProbe[] {
  const spec = parseProbeSpec(text);
  const named = probeByName(spec.name, (name) => names.protocolNumber(name));
  if (!named) {
    throw new UsageError(`${spec.name}: no such protocol (a name such as icmp, tcp or esp, or 1 to 255)`);
  }
  const { type } = named;
  const tcpFlags = flagBits(spec, type, text);
  if (spec.ports && type.defaultPort === 0) throw new UsageError(`${text}: ${spec.name} has no ports`);
  return portsOf(spec, text, names).map((port) => ({
    name: spec.name + port.text + flagText(type, tcpFlags),
    probe: probeRequest(named, { ...given({ port: port.number, tcpFlags }), fixedPort: true }),
  }));
}

/** A port, and how a specification has it: `/443`, `/https`; '' for the probe type's own, which has no number here. */
interface SpecPort {
  readonly number?: number;
  readonly text: string;
}

function portsOf({ ports }: ProbeSpec, text: string, names: SpecNames): readonly SpecPort[] {
  if (!ports) return [{ text: '' }];
  const [first, last] = [portOf(ports[0], text, names), portOf(ports[1], text, names)];
  if (last < first) throw new UsageError(`${text}: the last port is below the first`);
  if (last === first) return [{ number: first, text: `/${ports[0]}` }];
  const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return numbers.map((number) => ({ number, text: `/${number}` }));
}

function portOf(text: string, spec: string, names: SpecNames): number {
  const port = /^(0x[0-9a-f]+|\d+)$/.test(text) ? Number(text) : names.servicePort(text);
  if (port !== undefined && port >= 1 && port <= MAX_PORT) return port;
  throw new UsageError(`${spec}: expected a port from 1 to ${MAX_PORT}, or the name of a service`);
}

/** Control bits as a specification has them: `:ack`; '' for the default. */
function flagText({ traits }: ProbeType, flags: number | undefined): string {
  if (!traits.flags || flags === undefined || flags === traits.flags.initial) return '';
  return `:${namesOfBits(traits.flags.names, flags)}`;
}
