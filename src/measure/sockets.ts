/** Opens the sockets and reserves the local ports of a run. */
import type { Machine, ReservedPort } from '../ports/machine.ts';
import type { Transport } from '../ports/transport.ts';
import type { ProbeType } from '../engine/probe-type.ts';
import { rawSocketDenied, TransportError, UsageError } from '../model/errors.ts';
import { given } from '../model/given.ts';
import type { Plan } from '../model/plan.ts';
import { rawOnlyOption } from './raw-only.ts';
import type { Wording } from './context.ts';

/**
 * Opens the sockets that a plan's probes and their replies need.
 * @param warn - takes one line when the best transport cannot be had
 * @param plainOnly - true to take sockets that need no right
 * @throws UsageError when the system refuses
 */
export async function openTransport(
  plan: Plan,
  types: readonly ProbeType[],
  machine: Machine,
  warn: (message: string) => void,
  { plainOnly = false }: { readonly plainOnly?: boolean } = {},
): Promise<Transport> {
  const protocolsOf = (some: readonly ProbeType[]): number[] =>
    some.flatMap((type) => plan.families.map((family) => type.ipProtocol(family, 0)));
  const protocols = protocolsOf(types.filter((type) => 'identifyDirect' in type));
  const { families, dontRoute, socketDebug, transport, device, mark, display } = plan;
  const explain = (message: string): void => {
    warn(`debug: ${message}`);
  };
  const rawOnly = rawOnlyOption(plan, types);
  checkPlain(plan, rawOnly);
  try {
    return await machine.openTransport({
      transport,
      families,
      protocols,
      probeProtocols: protocolsOf(types),
      rawOnly: rawOnly !== undefined,
      ...(plainOnly ? { plainOnly } : {}),
      dontRoute,
      debug: socketDebug,
      ...given({ device, mark }),
      warn,
      ...(socketDebug || display.debug ? { explain } : {}),
    });
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    throw new UsageError((rawOnly === undefined ? '' : `${rawOnly}: `) + refusal(error));
  }
}

/** @throws UsageError where plain sockets alone are wanted, and cannot do what else is */
function checkPlain({ transport }: Plan, rawOnly: string | undefined): void {
  if (transport !== 'plain' || rawOnly === undefined) return;
  throw new UsageError(`--transport plain: ${rawOnly} takes a raw socket`);
}

/** Says what the system refused and what to do. */
function refusal({ code, message }: TransportError): string {
  if (code === 'EPERM' || code === 'EACCES') return rawSocketDenied(code);
  return `cannot open a raw socket: ${code === 'UNKNOWN' ? message : code}`;
}

const PRIVILEGED_PORT_REMEDY = ' (run as root, or take one from net.ipv4.ip_unprivileged_port_start on)';

/**
 * Reserves the local port that the user named, or any, if probes of this type leave from one.
 * @throws UsageError when the port cannot be had
 */
export async function reservePort(
  { sourcePort = { port: 0, forced: false }, families, probe }: Plan,
  { reservedPort }: ProbeType,
  wording: Pick<Wording, 'portInUse'>,
  machine: Machine,
): Promise<ReservedPort | undefined> {
  if (!reservedPort || sourcePort.forced || probe.portPerProbe) return undefined;
  try {
    return await machine.reservePort(reservedPort, families, sourcePort.port);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (sourcePort.port === 0) throw new UsageError(`cannot reserve a local port: ${error.message}`);
    if (error.code === 'EADDRINUSE') throw new UsageError(wording.portInUse(sourcePort.port));
    const remedy = error.code === 'EACCES' ? PRIVILEGED_PORT_REMEDY : '';
    throw new UsageError(`cannot reserve local port ${sourcePort.port}: ${error.message}${remedy}`);
  }
}
