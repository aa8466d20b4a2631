/**
 * Names and AS numbers in memory: what the system's resolver makes of the path's hosts file, name server and whois
 * server, in virtual time.
 */
import { familyOf, parseAddress, type Address, type Family } from '../../../src/model/address.ts';
import { ResolveError } from '../../../src/model/errors.ts';
import { followAliases, type Answer } from '../../../src/net/names/aliases.ts';
import { cymruName, cymruOrigin } from '../../../src/net/names/cymru.ts';
import { isFinal, refusal } from '../../../src/net/names/dns-client.ts';
import { decodeResponse, encodeQuery, type QueryType } from '../../../src/net/names/dns-message.ts';
import { lookUpHost } from '../../../src/net/names/host-lookup.ts';
import {
  asciiName,
  domainOf,
  presentableName,
  shownName,
  unknownHost,
} from '../../../src/net/names/host-name.ts';
import { HostsFile } from '../../../src/net/names/hosts-file.ts';
import { isLocalUse } from '../../../src/net/names/origin.ts';
import { reverseName } from '../../../src/net/names/reverse-name.ts';
import { firstReply, whoisOrigin } from '../../../src/net/names/whois-reply.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Resolution, Resolver } from '../../../src/ports/resolver.ts';
import type { PathFormat } from '../path-format.ts';
import { answerQuery, namesOfMachine } from './name-server.ts';
import { answerWhois } from './whois-server.ts';

/** The hosts file of a machine whose path tells nothing of it. */
export const DEFAULT_HOSTS = '127.0.0.1 localhost\n';
/** `uname -n` of the simulated machine. */
const HOSTNAME = 'tracer';
/** Of resolv.conf: `options timeout:1 attempts:1`. */
const TIMEOUT_MS = 1000;

/** Options of a resolver in memory. */
export interface SimResolverOptions {
  readonly path: PathFormat;
  readonly clock: Clock;
  /** Where AS numbers are asked for in place of DNS. */
  readonly whoisServer?: string | undefined;
}

/** A resolver over a path. It finds what the real one finds, and takes as long. */
export class SimResolver implements Resolver {
  readonly #options: SimResolverOptions;
  readonly #hosts: HostsFile;

  constructor(options: SimResolverOptions) {
    this.#options = options;
    this.#hosts = new HostsFile(options.path.hosts ?? DEFAULT_HOSTS);
  }

  async resolve(name: string, families: readonly Family[]): Promise<Resolution> {
    const literal = parseAddress(name);
    if (literal !== undefined) {
      if (!families.includes(familyOf(literal))) throw unknownHost(name);
      return { canonicalName: name, addresses: [literal] };
    }
    const ascii = asciiName(name);
    const full = ascii.replace(/\.$/, '');
    const found =
      this.#hosts.resolve(ascii, families) ??
      (await lookUpHost({ query: this.#query }, name, [full], families));
    if (!found) throw unknownHost(name);
    return { ...found, canonicalName: shownName(found.canonicalName, ascii, name) };
  }

  async nameOf(address: Address): Promise<string | undefined> {
    const listed = this.#hosts.nameOf(address);
    if (listed !== undefined) return presentableName(listed);
    const [name = ''] = (await this.#query(reverseName(address), 'PTR'))?.values ?? [];
    return presentableName(name);
  }

  async openOrigins(): Promise<void> {
    const { path, whoisServer } = this.#options;
    if (whoisServer === undefined) return;
    const { addresses } = await this.resolve(whoisServer, [4, 6]);
    // the words are those of the real resolver about a port that nobody listens on
    if (!path.whois || !addresses.includes(path.whois.addr))
      throw new ResolveError('connect: Connection refused');
  }

  async originOf(address: Address): Promise<number | undefined> {
    if (this.#options.whoisServer !== undefined) return this.#askWhois(address);
    if (isLocalUse(address)) return undefined;
    return cymruOrigin((await this.#query(cymruName(address), 'TXT'))?.values ?? []);
  }

  async localDomain(): Promise<string> {
    try {
      return domainOf((await this.resolve(HOSTNAME, [4, 6])).canonicalName);
    } catch {
      return ''; // a machine whose name nobody knows has no domain
    }
  }

  close(): void {
    // nothing is open
  }

  readonly #query = async (name: string, type: QueryType): Promise<Answer | undefined> => {
    const { dns } = this.#options.path;
    if (!dns) return undefined;
    const query = { name, type, id: 0 };
    const response = dns.dead
      ? undefined
      : answerQuery(namesOfMachine(dns.names, HOSTNAME), encodeQuery(query));
    await this.#passes(response ? (dns.delay ?? 0) : TIMEOUT_MS);
    const decoded = response && decodeResponse(Buffer.from(response), query);
    if (!decoded) return undefined;
    return isFinal(decoded.responseCode) ? followAliases(query, decoded.records) : refusal(name);
  };

  async #passes(forMs: number): Promise<void> {
    const { clock } = this.#options;
    if (forMs > 0) await new Promise<void>((done) => clock.schedule(clock.nowMs() + forMs, done));
  }

  #askWhois(address: Address): number | undefined {
    const { whois } = this.#options.path;
    if (!whois) return undefined;
    const reply = answerWhois(whois, `!r${address}/${familyOf(address) === 4 ? 32 : 128},l`);
    return whoisOrigin(firstReply(Buffer.from(reply))?.data ?? '');
  }
}
