/** The tracer's machine as a path describes it: addresses, MTU, routes, firewall, names, and what listens. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ownAddresses } from '../sim/local-machine.ts';
import type { NameServerFormat, PathFormat } from '../sim/path-format.ts';
import { DEFAULT_HOSTS } from '../sim/services/sim-resolver.ts';
import { mustRun, spawnIn } from './command.ts';
import { configure } from './namespaces.ts';
import { configureTracer } from './tunnel.ts';

/** One namespace, which is one path's machine after the other. */
export class TracerMachine {
  readonly #namespace: string;
  #services: ChildProcess | undefined;
  #hasRules = false;

  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  /** Becomes the machine of a path, and nothing of the one before. */
  async take(path: PathFormat): Promise<void> {
    this.close();
    configureTracer(this.#namespace, ownAddresses(path), path);
    configure(this.#namespace, 'resolv.conf', resolvConf(path.dns));
    configure(this.#namespace, 'hosts', path.hosts ?? DEFAULT_HOSTS);
    this.#filter(path.nft ?? []);
    if (path.whois || path.busy) await this.#serve(path);
  }

  /** Ends what listens. */
  close(): void {
    this.#services?.kill();
    this.#services = undefined;
  }

  #filter(commands: readonly string[]): void {
    if (commands.length === 0 && !this.#hasRules) return;
    const script = ['flush ruleset', ...commands].join('\n');
    mustRun('ip', ['netns', 'exec', this.#namespace, 'nft', '-f', '-'], script);
    this.#hasRules = commands.length > 0;
  }

  async #serve(path: PathFormat): Promise<void> {
    const script = fileURLToPath(new URL('local-services.ts', import.meta.url));
    const args = ['--import', import.meta.resolve('tsx'), script, JSON.stringify(path)];
    const services = spawnIn(this.#namespace, process.execPath, args, { stdin: 'pipe' });
    this.#services = services;
    await ready(services);
  }
}

function resolvConf(dns: NameServerFormat | undefined): string {
  return dns ? `nameserver ${dns.addr}\noptions timeout:1 attempts:1\n` : '';
}

/** @throws Error with what it said when a process ends before it is ready */
async function ready(child: ChildProcess): Promise<void> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await new Promise<void>((done, failed) => {
    if (child.stdout)
      createInterface({ input: child.stdout }).once('line', () => {
        done();
      });
    child.once('close', () => {
      failed(new Error(`the services of a path ended: ${stderr}`));
    });
  });
}
