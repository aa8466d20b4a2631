/** The port of a specification, or its range of ports: `443`, `https`, `0x1bb`, `20-34`, `ftp-data`. */
import { UsageError } from '../../model/errors.ts';

/** No port is larger. */
export const MAX_PORT = 0xffff;

/** Looks up the services that ports may be named after. */
export interface ServicePorts {
  /** The port of a service, 1 to 65535. */
  servicePort(name: string): number | undefined;
}

/** First and last port, which are one where no range was written, and the user's words for it. */
export interface Ports {
  readonly first: number;
  readonly last: number;
  readonly text: string;
}

/**
 * Reads a port or a range. The name of a service may have a hyphen, which then parts no range.
 * @param spec - the whole specification, for messages
 * @throws UsageError that names what is wrong with it
 */
export function readPorts(text: string, spec: string, names: ServicePorts): Ports {
  const only = numberOf(text, names);
  const ends = text.split('-');
  if (only !== undefined || ends.length === 1) {
    const port = checked(text, only, spec);
    return { first: port, last: port, text };
  }
  const [from = '', to = ''] = ends;
  if (from === '' || to === '' || ends.length > 2) throw new UsageError(halfRange(spec, from, to));
  const [first, last] = [checked(from, numberOf(from, names), spec), checked(to, numberOf(to, names), spec)];
  if (last < first) {
    throw new UsageError(
      `${spec}: the last port is below the first (${to}-${from} is the range between them)`,
    );
  }
  return { first, last, text: first === last ? from : text };
}

function numberOf(text: string, names: ServicePorts): number | undefined {
  return /^(0x[0-9a-f]+|\d+)$/.test(text) ? Number(text) : names.servicePort(text);
}

function checked(text: string, port: number | undefined, spec: string): number {
  if (port !== undefined && port >= 1 && port <= MAX_PORT) return port;
  const which = spec.endsWith(`/${text}`) ? spec : `${spec}: ${text}`;
  throw new UsageError(`${which}: expected a port from 1 to ${MAX_PORT}, or the name of a service`);
}

/** A range that is open at an end has no bound that the user has seen. */
function halfRange(spec: string, from: string, to: string): string {
  const lacks = from === '' ? 'its first port' : to === '' ? 'its last port' : undefined;
  const fault = lacks === undefined ? 'a range has two ends' : `the range lacks ${lacks}`;
  return `${spec}: ${fault} (FIRST-LAST, such as 20-34)`;
}
