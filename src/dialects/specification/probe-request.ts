/** The one way from the user's words for a probe to the plan's request. */
import { UsageError } from '../../model/errors.ts';
import { given } from '../../model/given.ts';
import type { MatrixProbe, ProbeRequest } from '../../model/plan.ts';
import { flagSuffix } from '../../model/control-bits.ts';
import { probeByName, type NamedProbe } from './probe-name.ts';
import { MAX_PORT, readPorts, type ServicePorts } from './port-range.ts';
import { flagBits, parseProbeSpec } from './probe-spec.ts';

/** Looks up the names that a specification may have. */
export interface SpecNames extends ServicePorts {
  /** The number of an IP protocol, 1 to 255. */
  protocolNumber(name: string): number | undefined;
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
  if (!named) throw new UsageError(noProtocol(spec.name, names));
  const { type } = named;
  const tcpFlags = flagBits(spec, type, text);
  const after = tcpFlags === undefined ? '' : flagSuffix(type.traits.flags, tcpFlags);
  const wishes = { ...given({ tcpFlags }), fixedPort: true };
  if (spec.ports === undefined) {
    return [{ name: spec.name + after, probe: probeRequest(named, wishes) }];
  }
  if (type.defaultPort === 0) throw new UsageError(noPorts(text, spec.name));
  const before = `${spec.name}/`;
  const { first, last, text: port } = readPorts(spec.ports, text, names);
  const probeTo = (number: number): MatrixProbe['probe'] => probeRequest(named, { ...wishes, port: number });
  if (first === last) return [{ name: before + port + after, probe: probeTo(first) }];
  const range = { before, after };
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const number = first + index;
    return { name: `${before}${number}${after}`, probe: probeTo(number), range };
  });
}

/** Tells whether a word looks like a host's name or address, which no protocol has. */
function isHostLike(word: string): boolean {
  return /[.]/.test(word) || word.split(':').length > 2;
}

/** Words for a name that no protocol has; some people write a port, or the name of its service. */
function noProtocol(name: string, names: SpecNames): string {
  const isPort = Number(name) > 0xff && Number(name) <= MAX_PORT;
  const isService = names.servicePort(name) !== undefined;
  const port = isPort || isService ? `; a port stands behind its protocol, as tcp/${name} does` : '';
  if (isHostLike(name))
    return `${name}: no such protocol (if it is the host, name the probes before it: icmp,tcp/443)`;
  return `${name}: no such protocol (a name such as icmp, tcp or esp, or 1 to 255${port})`;
}

/** Words for a port where there is none; some people write the port first. */
function noPorts(text: string, name: string): string {
  const [, protocol] = /^\d+(?:-\d+)?\/([a-z]+)$/i.exec(text) ?? [];
  const turned = protocol === undefined ? '' : ` (the protocol comes first: ${protocol}/${name})`;
  return `${text}: ${name} has no ports${turned}`;
}
