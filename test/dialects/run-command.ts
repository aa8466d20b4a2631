/** Runs a command in memory, from its arguments to its exit status. */
import type { Machine } from '../../src/ports/machine.ts';
import type { RawOptions } from '../../src/ports/transport.ts';
import type { EndSignal, Ending, World } from '../../src/ports/world.ts';
import { main } from '../../src/main.ts';
import { readDatagram, type Datagram } from '../sim/datagram.ts';
import type { HostFormat, PathFormat } from '../sim/path-format.ts';
import type { RecordedProbe } from '../sim/record-probe.ts';
import { SimWorld, type SimWorldOptions } from '../sim/sim-world.ts';

/** Two routers before the target, 4, 8 and 12 ms away. */
export const PATH = {
  src: '10.0.0.1',
  extra_src: ['10.0.0.7'],
  hops: [
    { addr: '10.1.0.1', delay: 4 },
    { addr: '10.2.0.1', delay: 8 },
  ],
  dst: { addr: '10.99.0.1', delay: 12, tcp: { 80: 'open' } },
} as const satisfies PathFormat;

/** The same path to a target that differs in these. */
export function pathTo(target: HostFormat): PathFormat {
  return { ...PATH, dst: { ...PATH.dst, ...target } };
}

/** No router, and the target 4 ms away: what is sent goes out to one TTL. */
export function neighbour(target: HostFormat = {}): PathFormat {
  return { src: PATH.src, hops: [], dst: { addr: PATH.dst.addr, delay: 4, tcp: { 80: 'open' }, ...target } };
}

export interface RunOptions extends SimWorldOptions {
  readonly path?: PathFormat;
  /** What this machine does otherwise than the simulated one. */
  readonly machine?: Partial<Machine>;
  /** Ctrl-C at this time. */
  readonly interruptAtMs?: number;
  /** Another signal than that of Ctrl-C. */
  readonly signal?: EndSignal;
  /** Called with the world before the command starts. */
  readonly prepare?: (world: SimWorld) => void;
}

/** What a command did. */
export interface Run {
  /** The exit status, or the signal that ended it. */
  readonly status: Ending;
  readonly out: string;
  readonly err: string;
  /** Each probe as the recorded cases hold it, in the order sent. */
  readonly probes: readonly RecordedProbe[];
  /** Each probe in its parts. */
  readonly datagrams: readonly Datagram[];
  /** When each was sent. */
  readonly timesMs: readonly number[];
  /** What the sockets were opened with, if they were. */
  readonly raw: RawOptions | undefined;
  /** What the resolver was opened with, if it was. */
  readonly resolverOptions: { readonly whoisServer?: string } | undefined;
  /** When it ended. */
  readonly endMs: number;
}

async function run(
  command: 'traceroute' | 'tcptraceroute',
  argv: readonly string[],
  options: RunOptions,
): Promise<Run> {
  const { path = PATH, machine = {}, interruptAtMs, signal, prepare } = options;
  const sim = new SimWorld(path, options);
  let raw: RawOptions | undefined;
  let resolverOptions: { readonly whoisServer?: string } | undefined;
  const world: World = {
    clock: sim.clock,
    machine: {
      ...sim.machine,
      openTransport: (opened) => {
        raw = opened;
        return sim.machine.openTransport(opened);
      },
      ...machine,
    },
    openResolver: ({ whoisServer }) => {
      resolverOptions = whoisServer === undefined ? {} : { whoisServer };
      return sim.openResolver();
    },
    protocolNumber: (name) => sim.protocolNumber(name),
    servicePort: (name) => sim.servicePort(name),
    serviceName: (port) => sim.serviceName(port),
    stdout: (text) => {
      sim.stdout(text);
    },
    stderr: (text) => {
      sim.stderr(text);
    },
    utcNow: () => sim.utcNow(),
    onSignal: (callback) => sim.onSignal(callback),
  };
  if (interruptAtMs !== undefined) sim.signalAt(interruptAtMs, signal);
  prepare?.(sim);
  const status = await sim.clock.run(main(command, command, argv, world));
  const sent = sim.transport?.sent ?? [];
  return {
    status,
    out: sim.out,
    err: sim.err,
    probes: sim.transport?.probes ?? [],
    datagrams: sent.map(({ octets }) => readDatagram(octets)),
    timesMs: sent.map(({ atMs }) => atMs),
    raw,
    resolverOptions,
    endMs: sim.clock.nowMs(),
  };
}

/** Arguments from one line, parted by spaces; a list is taken as it is. */
function words(line: string | readonly string[]): readonly string[] {
  return typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
}

export function traceroute(line: string | readonly string[], options: RunOptions = {}): Promise<Run> {
  return run('traceroute', words(line), options);
}

export function tcptraceroute(line: string | readonly string[], options: RunOptions = {}): Promise<Run> {
  return run('tcptraceroute', words(line), options);
}

/** How many probes were waiting for a reply at once at most, where each is answered after `delayMs`. */
export function mostInFlight({ timesMs, probes }: Run, delayMs: (ttl: number) => number): number {
  const spans = timesMs.map((sentMs, index) => ({
    sentMs,
    endMs: sentMs + delayMs(probes[index]?.ttl ?? 0),
  }));
  return Math.max(
    ...spans.map(({ sentMs }) => spans.filter((span) => span.sentMs <= sentMs && sentMs < span.endMs).length),
  );
}
