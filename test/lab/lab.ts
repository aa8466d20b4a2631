/**
 * A path over real packets: a namespace for the tracer, whose interface tun0 leads to another one, which owns every
 * address and where a responder plays the path. IPv4.
 */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { PathFormat } from '../sim/path-format.ts';
import type { RecordedProbe } from '../sim/record-probe.ts';
import { ended, mustRun, spawnIn, type CommandResult, type SpawnOptions } from './command.ts';
import { HIDDEN_SOURCE_ROUTE, RESPONDER_MARK } from './mark.ts';
import { configure, createNamespaces, removeNamespace } from './namespaces.ts';
import type { Order } from './responder.ts';

export { labMissing } from './namespaces.ts';
export type { CommandResult } from './command.ts';

export interface LabResult extends CommandResult {
  /** Every probe that reached the first router, in order within a protocol. */
  readonly probes: readonly RecordedProbe[];
}

export interface LabOptions extends SpawnOptions {
  /** Decides the path's losses, jitter and random balancing. */
  readonly seed?: number;
}

/** MAC addresses that both sides know, which spares ARP. */
const NEAR_MAC = '02:00:00:00:00:08';
const FAR_MAC = '02:00:00:00:00:09';
/** The tracer's default gateway: a dummy address that no path uses. RFC 7600 section 4.8. */
const GATEWAY = '192.0.0.8';

/**
 * Only the responder's datagrams leave the far side. There the kernel would follow a loose source route (option 131
 * after a no-operation) and rewrite it, for it owns every address; it leaves options alone that it does not know.
 */
const FAR_RULES = `
table ip lab {
  chain output {
    type filter hook output priority 0; policy drop;
    meta mark ${RESPONDER_MARK} accept
  }
  chain prerouting {
    type filter hook prerouting priority -300;
    ip hdrlength > 5 @nh,160,16 0x0183 @nh,160,16 set ${0x0100 | HIDDEN_SOURCE_ROUTE}
  }
}`;

/** Lets datagrams from and to any address in, source-routed ones too. */
const LENIENT = [
  'for each in /proc/sys/net/ipv4/conf/*; do',
  'echo 0 > $each/rp_filter; echo 1 > $each/accept_source_route; done',
].join(' ');

/** Runs one command over a path in a lab of its own. */
export async function runInLab(
  path: PathFormat,
  command: string,
  args: readonly string[],
  options: LabOptions = {},
): Promise<LabResult> {
  const lab = await openLab();
  try {
    await lab.take(path, options.seed);
    return await lab.run(command, args, options);
  } finally {
    lab.close();
  }
}

/**
 * Opens a lab that has no path yet.
 * @throws Error when labMissing says why, or the system refuses
 */
export async function openLab(): Promise<Lab> {
  const [tracer = '', far = ''] = createNamespaces(['tracer', 'far']);
  connect(tracer, far);
  return Promise.resolve(new Lab(tracer, far));
}

function connect(tracer: string, far: string): void {
  const near = ['tun0', 'netns', tracer, 'address', NEAR_MAC];
  mustRun('ip', ['link', 'add', ...near, 'type', 'veth', 'peer', 'far0', 'netns', far, 'address', FAR_MAC]);
  for (const name of [tracer, far]) mustRun('ip', ['netns', 'exec', name, 'sh', '-c', LENIENT]);
  const farSide = [
    'link set far0 up',
    // not in the table local, which is asked first and would take the tracer's own address
    'route add local 0.0.0.0/0 dev lo table main',
  ];
  mustRun('ip', ['-n', far, '-batch', '-'], farSide.join('\n'));
  mustRun('ip', ['netns', 'exec', far, 'nft', '-f', '-'], FAR_RULES);
  const nearSide = ['link set tun0 up', `neighbour add ${GATEWAY} lladdr ${FAR_MAC} dev tun0 nud permanent`];
  mustRun('ip', ['-n', tracer, '-batch', '-'], nearSide.join('\n'));
}

/** A lab that is open. Takes one path after the other. */
export class Lab {
  /** The namespaces' names. */
  readonly tracer: string;
  readonly far: string;
  readonly #responder: ChildProcess;
  readonly #waiting: {
    readonly word: string;
    readonly done: () => void;
    readonly failed: (error: Error) => void;
  }[] = [];
  #probes: RecordedProbe[] = [];
  #stderr = '';

  constructor(tracer: string, far: string) {
    this.tracer = tracer;
    this.far = far;
    const script = fileURLToPath(new URL('responder.ts', import.meta.url));
    const args = ['--import', import.meta.resolve('tsx'), script];
    this.#responder = spawnIn(far, process.execPath, args, { stdin: 'pipe' });
    const output = this.#responder.stdout;
    if (!output) throw new Error('the responder has no output');
    createInterface({ input: output }).on('line', (line) => {
      this.#hear(line);
    });
    this.#responder.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr += chunk;
    });
    this.#responder.on('close', () => {
      for (const { failed } of this.#waiting.splice(0))
        failed(new Error(`the responder ended: ${this.#stderr}`));
    });
  }

  /** Starts over with another path: its addresses, its name server, and no probes yet. */
  async take(path: PathFormat, seed = 1): Promise<void> {
    const addresses = [path.src, ...(path.extra_src ?? [])];
    const nearSide = [
      'address flush dev tun0',
      ...addresses.map((address) => `address add ${address}/32 dev tun0`),
      `route replace default via ${GATEWAY} dev tun0 onlink`,
    ];
    mustRun('ip', ['-n', this.tracer, '-batch', '-'], nearSide.join('\n'));
    const farSide = addresses.flatMap((address) => [
      `route replace ${address}/32 dev far0`,
      `neighbour replace ${address} lladdr ${NEAR_MAC} dev far0 nud permanent`,
    ]);
    mustRun('ip', ['-n', this.far, '-batch', '-'], farSide.join('\n'));
    configure(this.tracer, 'resolv.conf', path.dns ? `nameserver ${path.dns.addr}\n` : '');
    await this.#order({ path, seed }, 'ready');
    this.#probes = [];
  }

  /** Starts a command in the tracer's namespace. */
  spawn(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    return spawnIn(this.tracer, command, args, options);
  }

  /** Runs a command in the tracer's namespace to its end. */
  async run(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<LabResult> {
    const result = await ended(this.spawn(command, args, options));
    return { ...result, probes: await this.probes() };
  }

  /** The probes that have reached the first router since the path was taken. */
  async probes(): Promise<readonly RecordedProbe[]> {
    await this.#order({ flush: true }, 'flushed');
    return [...this.#probes];
  }

  /** Removes everything. May be called more than once. */
  close(): void {
    this.#responder.stdin?.end();
    for (const name of [this.tracer, this.far]) removeNamespace(name);
  }

  async #order(order: Order, word: string): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ word, done, failed });
      this.#responder.stdin?.write(`${JSON.stringify(order)}\n`);
    });
  }

  #hear(line: string): void {
    if (line.startsWith('{')) {
      this.#probes.push(JSON.parse(line) as RecordedProbe); // from the responder, which types it
      return;
    }
    const [next] = this.#waiting;
    if (next?.word !== line) return;
    this.#waiting.shift();
    next.done();
  }
}
