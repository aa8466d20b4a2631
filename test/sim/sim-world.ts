/** A world over a simulated path. Commands run in it as they are, in virtual time. */
import type { Machine, ReservedPort } from '../../src/ports/machine.ts';
import type { RawOptions, Transport } from '../../src/ports/transport.ts';
import type { Resolver } from '../../src/ports/resolver.ts';
import type { Terminal } from '../../src/ports/output.ts';
import type { EndSignal, World } from '../../src/ports/world.ts';
import { familyOf } from '../../src/model/address.ts';
import { TransportError } from '../../src/model/errors.ts';
import { protocolNumber } from '../../src/net/host/protocols.ts';
import { serviceName, servicePort } from '../../src/net/host/services.ts';
import { LocalMachine } from './local-machine.ts';
import type { PathFormat } from './path-format.ts';
import { seededRandom, type Random } from './random.ts';
import { SimResolver } from './services/sim-resolver.ts';
import { SimTransport } from './sim-transport.ts';
import { VirtualClock } from './virtual-clock.ts';

/** The parts of a world besides its path. */
export interface SimWorldOptions {
  readonly seed?: number;
  /** In place of draws that the seed decides. */
  readonly random?: Random;
  /** Puts something between the command and the path: faults, or a system that refuses. */
  readonly wrap?: (transport: SimTransport, clock: VirtualClock) => Transport;
  /** The terminal that standard output is, if it is one. */
  readonly terminal?: Terminal;
  /** In place of the names that the path has. */
  readonly resolver?: Resolver;
}

const FIRST_FREE_PORT = 40_000;

/** One machine, its streams and its clock, for one run. */
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
  /** Those that are open: what arrives at the machine, each hears. */
  readonly #transports = new Set<SimTransport>();
  #signalled: (signal: EndSignal) => void = () => undefined;
  readonly #path: PathFormat;
  readonly #options: SimWorldOptions;

  constructor(path: PathFormat, options: SimWorldOptions = {}) {
    this.#path = path;
    this.#options = options;
    if (options.terminal) this.terminal = options.terminal;
    const random = options.random ?? seededRandom(options.seed ?? 1);
    const local = new LocalMachine(path);
    this.machine = {
      defaultTtl: () => 64,
      interfaces: () => local.interfaces,
      sourceTowards: async (destination) =>
        local.isOwn(destination) ? destination : Promise.resolve(this.#sourceTowards(destination)),
      routeTo: (question) => Promise.resolve(local.routeTo(question)),
      isOwn: (address) => Promise.resolve(local.isOwn(address)),
      reservePort: async (kind, _families, port) => Promise.resolve(this.#reserve(kind, port)),
      openTransport: (raw) => Promise.resolve(this.#open(raw)),
      dropPrivileges: () => {
        this.rightsDropped = true;
        return Promise.resolve();
      },
      random: (limit) => Math.floor(random() * limit),
    };
  }

  openResolver(options: Partial<Parameters<World['openResolver']>[0]> = {}): Promise<Resolver> {
    const { clock } = this;
    return Promise.resolve(
      this.#options.resolver ?? new SimResolver({ path: this.#path, clock, ...options }),
    );
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

  onSignal(callback: (signal: EndSignal) => void): () => void {
    this.#signalled = callback;
    return () => undefined;
  }

  /** Sends the command a signal at this virtual time: with SIGINT, as the user does it with Ctrl-C. */
  signalAt(atMs: number, signal: EndSignal = 'SIGINT'): void {
    this.clock.schedule(atMs, () => {
      this.#signalled(signal);
    });
  }

  #reserve(kind: 'tcp' | 'udp', port: number): ReservedPort {
    if (kind === 'tcp' && this.#path.busy?.includes(port)) {
      throw new TransportError('EADDRINUSE', 'Address already in use');
    }
    return { port: port === 0 ? this.#nextFreePort++ : port, release: () => undefined };
  }

  #open({ protocols, dontRoute }: RawOptions): Transport {
    const { seed = 1, wrap } = this.#options;
    const { clock } = this;
    const together = this.#transports;
    const transport = new SimTransport({ path: this.#path, clock, protocols, seed, dontRoute, together });
    this.transport = transport;
    return wrap ? wrap(transport, this.clock) : transport;
  }

  #sourceTowards(destination: string): string {
    const source = familyOf(destination) === 4 ? this.#path.src : this.#path.src6;
    if (source === undefined) throw new TransportError('ENETUNREACH', 'Network is unreachable');
    return source;
  }
}
