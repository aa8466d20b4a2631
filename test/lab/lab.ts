/**
 * A path over real packets: a namespace for the tracer, whose interface tun0 leads to another one, where a responder
 * plays the path, over IPv4 and IPv6.
 */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { PathFormat } from '../sim/path-format.ts';
import type { RecordedProbe } from '../sim/record-probe.ts';
import { ended, spawnIn, type CommandResult, type SpawnOptions } from './command.ts';
import { createNamespaces, removeNamespace } from './namespaces.ts';
import type { Order } from './responder.ts';
import { TracerMachine } from './tracer-machine.ts';
import { connect } from './tunnel.ts';

export { labMissing } from './namespaces.ts';
export type { CommandResult } from './command.ts';

/** A command that ran over a path. */
export interface LabResult extends CommandResult {
  /** Every probe that reached the first router, in order. */
  readonly probes: readonly RecordedProbe[];
}

/** Options of a run in a lab of its own. */
export interface LabOptions extends SpawnOptions {
  /** Decides the path's losses, jitter and random balancing. */
  readonly seed?: number;
}

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

/** A lab that is open. Takes one path after the other. */
export class Lab {
  /** The namespaces' names. */
  readonly tracer: string;
  readonly far: string;
  readonly #machine: TracerMachine;
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
    this.#machine = new TracerMachine(tracer);
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

  /** Starts over with another path. No probe has been sent over it yet. */
  async take(path: PathFormat, seed = 1): Promise<void> {
    await this.#machine.take(path);
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
    this.#machine.close();
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
