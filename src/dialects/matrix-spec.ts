/** The value of `--matrix`: the probes to compare. */
import { probeTypes } from '../../probes/index.ts';
import { UsageError } from '../model/errors.ts';
import type { MatrixProbe, MatrixRequest, ProbeRequest } from '../model/plan.ts';
import { parseProbeSpec, type ProbeSpec } from './probe-spec.ts';
import { SYN, tcpFlagNames } from '../model/tcp-flags.ts';
import { probeByName } from './probe-name.ts';

/** What `--matrix default` compares. */
const DEFAULT_PROBES = 'icmp,udp,tcp/80,tcp/443,tcp/443:ack,gre';
/** More columns tell less: nobody reads them, and routers limit the rate of their answers. */
const MAX_PROBES = 32;
const MAX_PORT = 0xffff;

/** Names of protocols and services. */
export interface SpecNames {
  protocolNumber(name: string): number | undefined;
  servicePort(name: string): number | undefined;
}

/**
 * The matrix that the options ask for, if they do.
 * @throws UsageError on a bad list, or when the other options need one
 */
export function matrixRequest(
  { matrix, explain }: { readonly matrix?: string; readonly explain: boolean },
  names: SpecNames,
): MatrixRequest | undefined {
  if (matrix !== undefined) return { probes: parseMatrix(matrix, '--matrix', names), explain };
  if (explain) throw new UsageError('--explain: there are no verdicts without --matrix');
  return undefined;
}

/** The largest TTL of a matrix when nobody says. */
export const MATRIX_MAX_TTL = 30;

/**
 * Reads a list of probe specifications.
 * @param option - the option's name, for messages
 * @throws UsageError that names the specification and what is wrong with it
 */
export function parseMatrix(text: string, option: string, names: SpecNames): readonly MatrixProbe[] {
  try {
    const specs = (text === 'default' ? DEFAULT_PROBES : text).split(',');
    const ranges = specs.map((spec) => rangeOf(spec.trim(), names));
    refuseTooMany(ranges.reduce((count, { ports }) => count + ports.length, 0));
    const probes = ranges.flatMap((range) => range.ports.map((port) => probeOf(range, port)));
    refuseTwice(probes);
    return probes;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${option} ${text}: ${error.message}`);
  }
}

/** One specification, and the ports that it stands for; undefined is the probe type's own. */
interface SpecRange {
  readonly spec: ProbeSpec;
  readonly type: (typeof probeTypes)[number];
  readonly protocol: number;
  readonly ports: readonly (number | undefined)[];
}

function rangeOf(text: string, names: SpecNames): SpecRange {
  const spec = parseProbeSpec(text);
  const named = probeByName(spec.name, (name) => names.protocolNumber(name));
  const type = probeTypes.find(({ name }) => name === named?.name);
  if (!named || !type) {
    throw new UsageError(`${spec.name}: no such protocol (a name such as icmp, tcp or esp, or 1 to 255)`);
  }
  if (spec.tcpFlags !== undefined && type.name !== 'tcp') {
    throw new UsageError(`${text}: only tcp has flags`);
  }
  if (spec.ports && type.defaultPort === 0) throw new UsageError(`${text}: ${spec.name} has no ports`);
  return { spec, type, protocol: named.protocol, ports: portsOf(spec, text, names) };
}

function portsOf({ ports }: ProbeSpec, text: string, names: SpecNames): readonly (number | undefined)[] {
  if (!ports) return [undefined];
  const [first, last] = [portOf(ports[0], text, names), portOf(ports[1], text, names)];
  if (last < first) throw new UsageError(`${text}: the last port is below the first`);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function portOf(text: string, spec: string, names: SpecNames): number {
  const port = /^(0x[0-9a-f]+|\d+)$/.test(text) ? Number(text) : names.servicePort(text);
  if (port !== undefined && port >= 1 && port <= MAX_PORT) return port;
  throw new UsageError(`${spec}: expected a port from 1 to ${MAX_PORT}, or the name of a service`);
}

function probeOf({ spec, type, protocol, ports }: SpecRange, port: number | undefined): MatrixProbe {
  const probe: ProbeRequest = {
    name: type.name,
    protocol,
    ...(port === undefined ? {} : { port }),
    fixedPort: true,
    portPerProbe: false,
    tcpFlags: spec.tcpFlags ?? SYN,
  };
  const portText = ports.length === 1 ? (spec.ports?.[0] ?? '') : String(port);
  return { name: spec.name + (port === undefined ? '' : `/${portText}`) + flagText(spec), probe };
}

/** Flags as they are written; the default goes without. */
function flagText({ tcpFlags }: ProbeSpec): string {
  return tcpFlags === undefined || tcpFlags === SYN ? '' : `:${tcpFlagNames(tcpFlags)}`;
}

function refuseTooMany(count: number): void {
  if (count <= MAX_PROBES) return;
  throw new UsageError(`${count} probes, at most ${MAX_PROBES} (name the ports that matter)`);
}

/** Two columns of one probe would take each other's replies, and tell nothing. */
function refuseTwice(probes: readonly MatrixProbe[]): void {
  const seen = new Map<string, string>();
  for (const { name, probe } of probes) {
    const key = [probe.name, probe.protocol, probe.port ?? '', probe.tcpFlags].join();
    const before = seen.get(key);
    if (before !== undefined) throw new UsageError(`${name} is the same probe as ${before}`);
    seen.set(key, name);
  }
}
