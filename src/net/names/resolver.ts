/** Finds names and AS numbers in the hosts file, at the name servers and, if wanted, at a whois server. */
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Resolution, Resolver } from '../../ports/resolver.ts';
import { familyOf, parseAddress, type Address, type Family } from '../../model/address.ts';
import { cymruName, cymruOrigin } from './cymru.ts';
import { DnsClient } from './dns-client.ts';
import type { NameServer } from './dns-exchange.ts';
import { asciiName, domainOf, presentableName, shownName, unknownHost } from './host-name.ts';
import { lookUpHost } from './host-lookup.ts';
import { HostsFile } from './hosts-file.ts';
import { memoise } from './memoise.ts';
import { hasOtherServices } from './name-services.ts';
import { isLocalUse } from './origin.ts';
import { parseResolvConf, type ResolvConf } from './resolv-conf.ts';
import { reverseName } from './reverse-name.ts';
import { candidatesFor } from './search-list.ts';
import { systemAddresses, systemName, wantThreads } from './system-lookup.ts';
import { WhoisClient } from './whois.ts';

/** Deviations from the system's own settings. */
export interface ResolverOptions {
  /** Path of a hosts(5) file. Default: `/etc/hosts`. */
  readonly hostsFile?: string;
  /** Path of a resolv.conf(5) file. Default: `/etc/resolv.conf`. */
  readonly resolvConf?: string;
  /** Path of an nsswitch.conf(5). Default: `/etc/nsswitch.conf`, unless the other files or the servers are given. */
  readonly nameServices?: string;
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
  nameServices: '/etc/nsswitch.conf',
  port: 53,
  whoisPort: 43,
  whoisTimeoutMs: 5000,
} as const;

/** Makes a resolver for one run. It opens nothing before the first question. */
export function openResolver(options: ResolverOptions = {}): Resolver {
  return new SystemResolver(options);
}

/** In milliseconds. The canonical name comes with the addresses, or from services that have none to tell. */
const CANONICAL_WAIT_MS = 500;

/** A host that is asked for. */
interface Host {
  readonly typed: string;
  /** `typed` as name servers know it. */
  readonly ascii: string;
  readonly families: readonly Family[];
}

class SystemResolver implements Resolver {
  readonly #options: ResolverOptions;
  readonly #closing = new AbortController();
  readonly #whois: WhoisClient | undefined;
  /** True where the machine has ways to names that only the C library knows. */
  readonly #asksSystem: boolean;

  constructor(options: ResolverOptions) {
    this.#options = options;
    const { hostsFile, resolvConf, servers, nameServices } = options;
    const isOwn = (hostsFile ?? resolvConf ?? servers) === undefined;
    this.#asksSystem =
      nameServices !== undefined || isOwn ? hasOtherServices(nameServices ?? DEFAULT.nameServices) : false;
    if (this.#asksSystem) wantThreads();
    this.#whois = this.#whoisClient();
  }

  async resolve(name: string, families: readonly Family[]): Promise<Resolution> {
    const literal = parseAddress(name);
    if (literal !== undefined) {
      if (!families.includes(familyOf(literal))) throw unknownHost(name);
      return { canonicalName: name, addresses: [literal] };
    }
    const ascii = asciiName(name);
    const host = { typed: name, ascii, families };
    const resolution = await (this.#asksSystem ? this.#askSystem(host) : this.#askOwn(host));
    if (!resolution || this.#closing.signal.aborted) throw unknownHost(name);
    return { ...resolution, canonicalName: shownName(resolution.canonicalName, ascii, name) };
  }

  readonly nameOf = memoise(async (address: Address) => {
    if (this.#asksSystem) return presentableName((await this.#unlessClosed(systemName(address))) ?? '');
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

  /** Asks the hosts file, then the name servers. @throws ResolveError when these do not answer */
  async #askOwn({ typed, ascii, families }: Host): Promise<Resolution | undefined> {
    const listed = (await this.#hosts()).resolve(ascii, families);
    if (listed) return listed;
    const { client, conf } = await this.#dns();
    return lookUpHost(client, typed, candidatesFor(ascii, conf), families);
  }

  /** Asks the C library, and the hosts file and name servers only for the canonical name of what it finds. */
  async #askSystem(host: Host): Promise<Resolution | undefined> {
    const own = this.#askOwn(host).catch(() => undefined); // what the library says counts
    const addresses = (await this.#unlessClosed(systemAddresses(host.ascii, host.families))) ?? [];
    if (addresses.length === 0) return undefined;
    const known = await this.#unlessClosed(own, CANONICAL_WAIT_MS);
    const isSame = known?.addresses.some((address) => addresses.includes(address)) === true;
    return { canonicalName: isSame ? known.canonicalName : host.ascii, addresses };
  }

  /** What `answer` resolves to; undefined once the resolver is closed, or after `withinMs`. */
  async #unlessClosed<T>(answer: Promise<T>, withinMs?: number): Promise<T | undefined> {
    const { signal } = this.#closing;
    let end: () => void = () => undefined;
    const given = new Promise<undefined>((resolve) => {
      end = () => {
        resolve(undefined);
      };
    });
    const timer = withinMs === undefined ? undefined : setTimeout(end, withinMs);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      return await Promise.race([answer, given]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
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
