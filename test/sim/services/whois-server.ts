/** The whois server of a path, which speaks the IRRd query protocol as whois.radb.net does. */
import type { WhoisFormat } from '../path-format.ts';

/** `!r` asks for the routes of a prefix; `,l` for those that cover it. */
const ROUTE_QUERY = /^!r(?<address>[^/]+)\/\d+,l$/;
const NO_SUCH_KEY = 'D\n';

/** Answers one line of a client, without its newline; the answer may be empty. */
export function answerWhois({ routes = {} }: WhoisFormat, line: string): string {
  const { address } = ROUTE_QUERY.exec(line.trim())?.groups ?? {};
  if (address === undefined) return '';
  const found = routes[address];
  if (typeof found === 'string') return found;
  if (!found) return NO_SUCH_KEY;
  const data = found.map((origin) => routeObject(address, origin)).join('\n');
  return `A${data.length}\n${data}C\n`;
}

/** RFC 2622 section 4. */
function routeObject(address: string, origin: string): string {
  const length = address.includes(':') ? 128 : 32;
  const attribute = address.includes(':') ? 'route6' : 'route';
  return `${attribute}: ${address}/${length}\ndescr: a network\norigin: ${origin}\n`;
}
