/** Finds names and AS numbers in the hosts file, at the name servers and, if wanted, at a whois server. */
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Resolution, Resolver } from '../../ports/resolver.ts';
import { familyOf, parseAddress, type Address, type Family } from '../../model/address.ts';
import { sanitiseName } from '../../model/name.ts';
import { cymruName, cymruOrigin } from './cymru.ts';
import { DnsClient } from './dns-client.ts';
import type { NameServer } from './dns-exchange.ts';
import { assertHostName, domainOf, presentableName, unknownHost } from './host-name.ts';
import { lookUpHost } from './host-lookup.ts';
import { HostsFile } from './hosts-file.ts';
import { memoise } from './memoise.ts';
import { isLocalUse } from './origin.ts';
import { parseResolvConf, type ResolvConf } from './resolv-conf.ts';
import { reverseName } from './reverse-name.ts';
import { candidatesFor } from './search-list.ts';
import { WhoisClient } from './whois.ts';

/** Deviations from the system's own settings. */
export interface ResolverOptions {
  /** Path of a hosts(5) file. Default: `/etc/hosts`. */
  readonly hostsFile?: string;
  /** Path of a resolv.conf(5) file. Default: `/etc/resolv.conf`. */
  readonly resolvConf?: string;
  /** Servers to ask instead of resolv.conf's. */
  readonly servers?: readonly NameServer[];
  /** The port of the servers of resolv.conf. Default: 53. */
  readonly port?: number;
  /** The wait for each try at each name server, instead of resolv.conf's. */
  readonly timeoutMs?: number;
  /** The name of this machine. Default: what the system says. */
  readonly hostname?: string;
  /** A server to ask for AS numbers instead of Team Cymru's zones. Defaults: port 43, and 5000 ms for each answer. */
  readonly whoisServer?: { readonly host: string; readonly port?: number; readonly timeoutMs?: number };
  /** Called with one line when the whois server fails. */
  readonly warn?: (message: string) => void;
}

const DEFAULT = {
  hostsFile: '/etc/hosts',
  resolvConf: '/etc/resolv.conf',
  port: 53,
  whoisPort: 43,
  whoisTimeoutMs: 5000,
} as const;

/** Makes a resolver for one run. It reads and opens nothing before the first question. */
export function openResolver(options: ResolverOptions = {}): Resolver {
  return new SystemResolver(options);
}

class SystemResolver implements Resolver {
  readonly #options: ResolverOptions;
  readonly #closing = new AbortController();
  readonly #whois: WhoisClient | undefined;

  constructor(options: ResolverOptions) {
    this.#options = options;
    this.#whois = this.#whoisClient();
  }

  async resolve(name: string, families: readonly Family[]): Promise<Resolution> {
    const literal = parseAddress(name);
    if (literal !== undefined) {
      if (!families.includes(familyOf(literal))) throw unknownHost(name);
      return { canonicalName: name, addresses: [literal] };
    }
    assertHostName(name);
    const resolution = (await this.#hosts()).resolve(name, families) ?? (await this.#lookUp(name, families));
    if (!resolution || this.#closing.signal.aborted) throw unknownHost(name);
    return { ...resolution, canonicalName: sanitiseName(resolution.canonicalName) };
  }

  readonly nameOf = memoise(async (address: Address) => {
    const listed = (await this.#hosts()).nameOf(address);
    if (listed !== undefined) return presentableName(listed);
    const { client } = await this.#dns();
    const [name = ''] = (await client.query(reverseName(address), 'PTR'))?.values ?? [];
    return presentableName(name);
  });

  async openOrigins(): Promise<void> {
    await this.#whois?.open();
  }

  readonly originOf = memoise(async (address: Address) => {
    // a server that somebody chose may know private addresses too
    if (this.#whois) return this.#whois.originOf(address);
    if (isLocalUse(address)) return undefined;
    const { client } = await this.#dns();
    return cymruOrigin((await client.query(cymruName(address), 'TXT'))?.values ?? []);
  });

  readonly localDomain = memoise(async () => {
    const own = this.#options.hostname ?? hostname();
    if (own.includes('.')) return domainOf(own);
    try {
      return domainOf((await this.resolve(own, [4, 6])).canonicalName);
    } catch {
      return ''; // a machine whose name nobody knows has no domain
    }
  });

  close(): void {
    this.#closing.abort();
    this.#whois?.close();
  }

  async #lookUp(name: string, families: readonly Family[]): Promise<Resolution | undefined> {
    const { client, conf } = await this.#dns();
    return lookUpHost(client, candidatesFor(name, conf), families);
  }

  readonly #hosts = memoise(async () => {
    return new HostsFile(await textOf(this.#options.hostsFile ?? DEFAULT.hostsFile));
  });

  readonly #dns = memoise(async () => {
    const { resolvConf, servers, port = DEFAULT.port, timeoutMs, hostname: own = hostname() } = this.#options;
    const text = await textOf(resolvConf ?? DEFAULT.resolvConf);
    const conf: ResolvConf = parseResolvConf(text, domainOf(own));
    const client = new DnsClient({
      servers: servers ?? conf.servers.map((address) => ({ address, port })),
      timeoutMs: timeoutMs ?? conf.timeoutMs,
      attempts: conf.attempts,
      rotate: conf.rotate,
      closing: this.#closing.signal,
    });
    return { client, conf };
  });

  #whoisClient(): WhoisClient | undefined {
    const { whoisServer, warn } = this.#options;
    return (
      whoisServer &&
      new WhoisClient({
        host: whoisServer.host,
        port: whoisServer.port ?? DEFAULT.whoisPort,
        timeoutMs: whoisServer.timeoutMs ?? DEFAULT.whoisTimeoutMs,
        ...(warn ? { warn } : {}),
        addressesOf: async (name) => (await this.resolve(name, [4, 6])).addresses,
      })
    );
  }
}

/** The text of a file; '' when it cannot be read, as hosts(5) and resolv.conf(5) have it. */
async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return '';
  }
}
