/** A world over a simulated path: commands run in it as they are, in virtual time. */
import type { Machine } from '../../src/ports/machine.ts';
import type { RawOptions, Transport } from '../../src/ports/transport.ts';
import type { Resolver } from '../../src/ports/resolver.ts';
import type { Terminal } from '../../src/ports/output.ts';
import type { World } from '../../src/ports/world.ts';
import { familyOf } from '../../src/model/address.ts';
import { ResolveError, TransportError } from '../../src/model/errors.ts';
import { reverseName } from '../../src/net/names/reverse-name.ts';
import { protocolNumber } from '../../src/net/host/protocols.ts';
import { serviceName, servicePort } from '../../src/net/host/services.ts';
import type { PathFormat } from './path-format.ts';
import { seededRandom } from './random.ts';
import { SimTransport } from './sim-transport.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface SimWorldOptions {
  readonly seed?: number;
  /** Puts something between the command and the path: faults, or a system that refuses. */
  readonly wrap?: (transport: SimTransport, clock: VirtualClock) => Transport;
  /** What standard output is, if it is a terminal. */
  readonly terminal?: Terminal;
  /** In place of the names that the path has. */
  readonly resolver?: Resolver;
}

const FIRST_FREE_PORT = 40_000;

export class SimWorld implements World {
  readonly clock = new VirtualClock();
  readonly machine: Machine;
  out = '';
  err = '';
  /** Opened by the command, if it came to that. */
  transport: SimTransport | undefined;
  rightsDropped = false;
  readonly terminal?: Terminal;
  #nextFreePort = FIRST_FREE_PORT;
  #interrupt: () => void = () => undefined;
  readonly #path: PathFormat;
  readonly #options: SimWorldOptions;

  constructor(path: PathFormat, options: SimWorldOptions = {}) {
    this.#path = path;
    this.#options = options;
    if (options.terminal) this.terminal = options.terminal;
    const random = seededRandom(options.seed ?? 1);
    const addresses = [path.src, path.src6, ...(path.extra_src ?? [])].filter(
      (address) => address !== undefined,
    );
    this.machine = {
      defaultTtl: () => 64,
      interfaces: () => [{ name: 'tun0', index: 7, addresses }],
      sourceTowards: (destination) => Promise.resolve(this.#sourceTowards(destination)),
      isOwn: (address) => Promise.resolve(addresses.includes(address)),
      reservePort: (_kind, _families, port) =>
        Promise.resolve({ port: port === 0 ? this.#nextFreePort++ : port, release: () => undefined }),
      openTransport: (raw) => Promise.resolve(this.#open(raw)),
      dropPrivileges: () => {
        this.rightsDropped = true;
        return Promise.resolve();
      },
      random: (limit) => Math.floor(random() * limit),
    };
  }

  openResolver(): Promise<Resolver> {
    return Promise.resolve(this.#options.resolver ?? pathResolver(this.#path));
  }

  protocolNumber(name: string): number | undefined {
    return protocolNumber(name, '/nonexistent');
  }

  servicePort(name: string): number | undefined {
    return servicePort(name, '/nonexistent');
  }

  serviceName(port: number): string | undefined {
    return serviceName(port, '/nonexistent');
  }

  stdout(text: string): void {
    this.out += text;
  }

  stderr(text: string): void {
    this.err += text;
  }

  utcNow(): string {
    return '2026-05-04T03:02:01Z';
  }

  onInterrupt(callback: () => void): () => void {
    this.#interrupt = callback;
    return () => undefined;
  }

  /** As the user does it with Ctrl-C, at this virtual time. */
  interruptAt(atMs: number): void {
    this.clock.schedule(atMs, () => {
      this.#interrupt();
    });
  }

  #open({ protocols }: RawOptions): Transport {
    const { seed = 1, wrap } = this.#options;
    const transport = new SimTransport({ path: this.#path, clock: this.clock, protocols, seed });
    this.transport = transport;
    return wrap ? wrap(transport, this.clock) : transport;
  }

  #sourceTowards(destination: string): string {
    const source = familyOf(destination) === 4 ? this.#path.src : this.#path.src6;
    if (source === undefined) throw new TransportError('ENETUNREACH', 'Network is unreachable');
    return source;
  }
}

/** Names as the path's own name server tells them. */
function pathResolver({ dns }: PathFormat): Resolver {
  const find = (name: string, type: string): readonly string[] => dns?.names[`${name}/${type}`] ?? [];
  return {
    resolve(name, families) {
      const addresses = families.flatMap((family) => find(name, family === 4 ? 'A' : 'AAAA'));
      if (addresses.length > 0) return Promise.resolve({ canonicalName: name, addresses });
      return Promise.reject(new ResolveError(`unknown host ${name}`));
    },
    nameOf: (address) => Promise.resolve(find(reverseName(address), 'PTR')[0]),
    originOf: () => Promise.resolve(undefined),
    localDomain: () => Promise.resolve(''),
    close: () => undefined,
  };
}
