/** Opens the sockets and reserves the local ports of a run. */
import type { Machine, ReservedPort } from '../ports/machine.ts';
import type { Transport } from '../ports/transport.ts';
import type { ProbeType } from '../engine/probe-type.ts';
import { showsForeign } from './flood-limit.ts';
import { isOutOfFiles, MissingRightError, TransportError, UsageError } from '../model/errors.ts';
import { given } from '../model/given.ts';
import type { Plan } from '../model/plan.ts';
import { rawOnlyOption } from './raw-only.ts';
import { optionWord, type MeasureContext, type Wording } from './context.ts';

interface WithMachine {
  readonly world: { readonly machine: Machine };
}

/**
 * Opens the sockets that a plan's probes and their replies need.
 * @param plainOnly - true to take sockets that need no right
 * @throws MissingRightError when the probes take a right that the user has not; TransportError when the system refuses
 * otherwise
 */
export async function openTransport(
  plan: Plan,
  types: readonly ProbeType[],
  { world: { machine }, wording, warn }: Pick<MeasureContext, 'warn' | 'wording'> & WithMachine,
  { plainOnly = false }: { readonly plainOnly?: boolean } = {},
): Promise<Transport> {
  const protocolsOf = (some: readonly ProbeType[]): number[] =>
    some.flatMap((type) => plan.families.map((family) => type.ipProtocol(family, 0)));
  const protocols = protocolsOf(types.filter((type) => 'identifyDirect' in type));
  const { families, dontRoute, socketDebug, transport, device, mark } = plan;
  const rawOnly = rawOnlyOption(plan, types, (letters) => optionWord(wording, letters));
  checkPlain(plan, rawOnly, wording);
  try {
    return await machine.openTransport({
      transport,
      families,
      protocols,
      probeProtocols: protocolsOf(types),
      rawOnly: rawOnly !== undefined,
      ...(plainOnly ? { plainOnly } : {}),
      ...(showsForeign(plan) ? { overhears: true } : {}),
      dontRoute,
      debug: socketDebug,
      ...given({ device, mark }),
      warn,
      ...explaining(plan, warn),
    });
  } catch (error) {
    if (!(error instanceof TransportError) || error instanceof MissingRightError) throw error;
    throw refusalOf(error, rawOnly);
  }
}

/** Who is told what only somebody who debugs wants to know. */
export function explaining(
  { socketDebug, display }: Plan,
  warn: (message: string) => void,
): { readonly explain?: (message: string) => void } {
  if (!socketDebug && !display.debug) return {};
  return {
    explain: (message) => {
      warn(`debug: ${message}`);
    },
  };
}

/** @throws UsageError where plain sockets alone are wanted, and cannot do what else is */
function checkPlain({ transport }: Plan, rawOnly: string | undefined, wording: Wording): void {
  if (transport !== 'plain' || rawOnly === undefined) return;
  throw new UsageError(`${optionWord(wording, '--transport')} plain: ${rawOnly} takes a raw socket`);
}

/** Says what the system refused and what to do. @param what - the option that takes a raw socket, if one does */
function refusalOf(error: TransportError, what: string | undefined): Error {
  const { code, message } = error;
  if (code === 'EPERM' || code === 'EACCES') return new MissingRightError(what, code);
  const isKnown = code !== 'UNKNOWN' && !isOutOfFiles(error);
  const refusal = `cannot open a raw socket: ${isKnown ? code : message}${filesRemedy(code)}`;
  return new TransportError(code, what === undefined ? refusal : `${what}: ${refusal}`);
}

/** What to do where the process, but not the system, has as many files open as it may; else ''. */
export function filesRemedy(code: TransportError['code']): string {
  return code === 'EMFILE' ? ' (raise "ulimit -n", or start fewer at once)' : '';
}

const PORTS_REMEDY = '(widen net.ipv4.ip_local_port_range, or wait; ICMP takes none)';
const PRIVILEGED_PORT_REMEDY = '(run as root, or take one from net.ipv4.ip_unprivileged_port_start on)';

/**
 * Reserves the local port that the user named, or any, if probes of this type leave from one.
 * @throws MissingRightError when the port takes a right; UsageError when it cannot be had otherwise
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
    throw portRefusal(error, sourcePort.port, wording);
  }
}

/** The system has no port left of its own choice. What takes none goes on. */
export class NoPortLeft extends UsageError {
  constructor() {
    super(`cannot reserve a local port: all are in use ${PORTS_REMEDY}`);
  }
}

/** Says why the system gives no port of its own choice. */
export function noPortLeft(code: TransportError['code'], message: string): UsageError {
  return code === 'EADDRINUSE' ? new NoPortLeft() : new UsageError(`cannot reserve a local port: ${message}`);
}

/** Says why a port cannot be had. @param port - the port that the user named, or 0 */
function portRefusal(
  { code, message }: TransportError,
  port: number,
  wording: Pick<Wording, 'portInUse'>,
): Error {
  const what = `cannot reserve ${port === 0 ? 'a local port' : `local port ${port}`}`;
  if (code === 'EMFILE') return new TransportError(code, `${what}: ${message}${filesRemedy(code)}`);
  if (port === 0) return noPortLeft(code, message);
  if (code === 'EADDRINUSE') return new UsageError(wording.portInUse(port));
  if (code !== 'EACCES') return new UsageError(`${what}: ${message}`);
  return new MissingRightError(what, code, `${message} ${PRIVILEGED_PORT_REMEDY}`);
}
