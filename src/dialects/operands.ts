/** Operands as people paste them: a host out of a URL, an address in brackets, a name with its port. */
import { octetsOf, parseAddress } from '../model/address.ts';
import { UsageError } from '../model/errors.ts';
import { sanitiseName } from '../model/name.ts';

/** A host operand, as it was read. */
export interface HostOperand {
  /** A name or an address, not looked up yet. */
  readonly host: string;
  /** The port that stood with it, 1 to 65535. */
  readonly port?: number;
  /** True where more than the host was written. */
  readonly hadMore: boolean;
}

/** What tells a host from more than a host. A bare IPv6 address has colons too, and is tried before. */
const MORE = /[\s/?#@[\]:]/;
const SCHEME = /^(?<scheme>[a-z][a-z\d+.-]*):\/\//i;
/** The length of a prefix, or a mask. */
const NETWORK = /^(?<place>[^/]+)\/(?<length>\d{1,3}|\d+(?:\.\d+){3})$/;
const AUTHORITY = /^(?:\[(?<address>[^[\]]+)\]|(?<host>[^\s:[\]]+))(?::(?<port>[^:]*))?$/;
const MAX_PORT = 0xffff;

/** Looks up the port of a service, or of a URL's scheme. */
interface Services {
  servicePort(name: string): number | undefined;
}

/**
 * Reads the operand that names the host.
 * @throws UsageError where no single host is plain
 */
export function readHost(text: string, services: Services): HostOperand {
  if (!MORE.test(text) && text !== '') return { host: text, hadMore: false };
  const trimmed = text.trim();
  if (parseAddress(trimmed) !== undefined) return { host: trimmed, hadMore: trimmed !== text };
  const network = networkOf(trimmed);
  if (network) return { host: ofNetwork(network, text), hadMore: true };
  const [scheme, authority] = authorityOf(trimmed);
  const parts = partsOf(authority);
  if (!parts) throw noHost(text);
  const port = parts.port === '' ? services.servicePort(scheme) : portOf(parts.port, text, services);
  return { host: parts.host, hadMore: true, ...(port === undefined ? {} : { port }) };
}

/** An address with the length of its prefix; undefined where the text is none. */
function networkOf(text: string): { readonly place: string; readonly length: number } | undefined {
  const { place = '', length } = NETWORK.exec(text)?.groups ?? {};
  const isNumeric = /^[\d.]+$/.test(place) || parseAddress(place) !== undefined;
  return isNumeric ? { place, length: Number(length) } : undefined;
}

/** The scheme, or '', and the part of a URL that names the host, without the user. RFC 3986 section 3.2 */
function authorityOf(text: string): readonly [scheme: string, authority: string] {
  const scheme = SCHEME.exec(text)?.groups?.['scheme'] ?? '';
  const [place = ''] = text.replace(SCHEME, '').split(/[/?#]/, 1);
  return [scheme.toLowerCase(), place.slice(place.lastIndexOf('@') + 1)];
}

/** `host` or `host:port`, an IPv6 address bare or in brackets. The port may be ''. */
function partsOf(authority: string): { readonly host: string; readonly port: string } | undefined {
  if (parseAddress(authority) !== undefined) return { host: authority, port: '' };
  const { address, host, port = '' } = AUTHORITY.exec(authority)?.groups ?? {};
  if (address === undefined) return host === undefined ? undefined : { host, port };
  const unescaped = address.replace('%25', '%'); // RFC 6874 section 2
  return parseAddress(unescaped) === undefined ? undefined : { host: unescaped, port };
}

function portOf(written: string, text: string, services: Services): number {
  const port = /^\d+$/.test(written) ? Number(written) : services.servicePort(written);
  if (port !== undefined && port >= 1 && port <= MAX_PORT) return port;
  throw new UsageError(
    `${shown(text)}: no single host, for ${shown(written)} is no port (1 to ${MAX_PORT}, or a service)`,
  );
}

/** An address with a prefix length, as `ip address` shows it, is a host. A network is none. */
function ofNetwork(
  { place, length }: { readonly place: string; readonly length: number },
  text: string,
): string {
  if (parseAddress(place) !== undefined && hasHostPart(octetsOf(place), length)) return place;
  throw new UsageError(`${shown(text)}: a network, not a host (give one address of it)`);
}

/** Whether a bit behind the prefix is set, or the prefix is the whole address. */
function hasHostPart(octets: Uint8Array, length: number): boolean {
  const isSet = (octet: number, index: number): boolean => {
    const hostBits = Math.min(8, Math.max(0, 8 * (index + 1) - length));
    return (octet & (2 ** hostBits - 1)) !== 0;
  };
  return length === 8 * octets.length || octets.some(isSet);
}

/** An option of Windows' tracert, as `/d` or `/?`. */
const SLASH_OPTION = /^\/[a-z\d?]{1,2}$/i;

function noHost(text: string): UsageError {
  if (SLASH_OPTION.test(text)) {
    return new UsageError(`${shown(text)}: no host (options begin with "-"; --help lists all options)`);
  }
  const what = text.trim() === '' ? 'the host is empty' : `${shown(text)}: no single host`;
  return new UsageError(`${what} (expected a name or an address, such as shop.example or 192.0.2.1)`);
}

/** How `text` was read, in one line. */
export function readAs(text: string, host: string): string {
  return `${shown(text)}: read as ${shown(host)}`;
}

/** What is wrong with the number of operands. @param most - how many a command takes */
export function operandsText(operands: readonly string[], most: number): string {
  if (operands.length === 0) return 'a host is missing (--help lists all options)';
  const [extra = ''] = operands.slice(most);
  return `${shown(extra)}: one operand too many (--help lists all options)`;
}

function shown(text: string): string {
  return sanitiseName(text.trim());
}
