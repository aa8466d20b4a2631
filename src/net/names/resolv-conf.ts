/** Reads the name servers and habits of resolv.conf(5). */
import { parseAddress, type Address } from '../../model/address.ts';

/** The settings of a resolv.conf. */
export interface ResolvConf {
  /** One to three, in the order to ask them. */
  readonly servers: readonly Address[];
  /** Domains in which to try a short name, without dots at their ends. */
  readonly search: readonly string[];
  /** A name with this many dots or more is first tried as it stands. */
  readonly ndots: number;
  readonly timeoutMs: number;
  /** Rounds over all servers. */
  readonly attempts: number;
  /** True where each query begins at another server. */
  readonly rotate: boolean;
}

/** Defaults and limits of resolv.conf(5): MAXNS, RES_TIMEOUT, RES_DFLRETRY and each option's range. */
const MOST_SERVERS = 3;
const DEFAULT = { server: '127.0.0.1', timeout: 5, attempts: 2, ndots: 1 } as const;
const RANGE = { timeout: [1, 30], attempts: [1, 5], ndots: [0, 15] } as const;

/**
 * Reads the text of a resolv.conf. Lines that make no sense are skipped.
 * @param hostDomain - this machine's domain, searched where the file names none; may be ''
 */
export function parseResolvConf(text: string, hostDomain: string): ResolvConf {
  const servers: Address[] = [];
  const options = new Map<string, string>();
  let search = [hostDomain];
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    const [first = ''] = values;
    if (keyword === 'nameserver') servers.push(...[parseAddress(first)].filter((each) => each !== undefined));
    else if (keyword === 'search') search = values;
    else if (keyword === 'domain') search = [first];
    else if (keyword === 'options')
      for (const [name, value] of values.map(optionOf)) options.set(name, value);
  }
  return {
    servers: servers.length > 0 ? servers.slice(0, MOST_SERVERS) : [DEFAULT.server],
    search: search.map((domain) => domain.replace(/^\.|\.$/g, '')).filter((domain) => domain !== ''),
    ndots: numberOf(options, 'ndots'),
    timeoutMs: 1000 * numberOf(options, 'timeout'),
    attempts: numberOf(options, 'attempts'),
    rotate: options.has('rotate'),
  };
}

function optionOf(word: string): [name: string, value: string] {
  const [name = '', value = ''] = word.split(':', 2);
  return [name, value];
}

function numberOf(options: ReadonlyMap<string, string>, name: keyof typeof RANGE): number {
  const value = options.get(name) ?? '';
  if (!/^\d+$/.test(value)) return DEFAULT[name];
  const [least, most] = RANGE[name];
  return Math.min(Math.max(Number(value), least), most);
}
