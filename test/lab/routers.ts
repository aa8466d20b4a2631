/** A chain of real kernel routers, each a namespace: src, r1, r2, ..., dst. */
import { createInterface } from 'node:readline';
import { ended, mustRun, spawnIn, type CommandResult, type SpawnOptions } from './command.ts';
import { createNamespaces, removeNamespace } from './namespaces.ts';

/** `src`, `dst`, or `r1` on. */
export type Node = string;

/** Allows forwarding, source routes and every ICMP error, without rate limits or address checks. */
const SETTINGS: Readonly<Record<string, number>> = {
  'ipv4/ip_forward': 1,
  'ipv4/icmp_ratelimit': 0,
  'ipv4/icmp_ratemask': 0,
  'ipv4/icmp_msgs_per_sec': 1_000_000,
  'ipv4/icmp_msgs_burst': 1_000_000,
  'ipv4/conf/all/rp_filter': 0,
  'ipv4/conf/default/rp_filter': 0,
  'ipv4/conf/all/accept_source_route': 1,
  'ipv4/conf/default/accept_source_route': 1,
  'ipv6/icmp/ratelimit': 0,
  'ipv6/conf/all/forwarding': 1,
  'ipv6/conf/all/accept_dad': 0,
  'ipv6/conf/default/accept_dad': 0,
};

/** Applies the settings. Those that an older kernel keeps for the whole machine stay as they are. */
const APPLY = Object.entries(SETTINGS)
  .map(([key, value]) => `[ ! -w /proc/sys/net/${key} ] || echo ${value} > /proc/sys/net/${key}`)
  .join('\n');

const LISTENER = `
const server = require('node:net').createServer((socket) => socket.on('error', () => {}).end());
server.listen({ port: Number(process.argv[1]), host: '::' }, () => console.log('listening'));
process.stdin.on('close', () => process.exit()).resume();`;

/** Makes a chain of `count` routers, at least 1, between src and dst. */
export function openRouters(count = 5): Routers {
  const nodes = ['src', ...Array.from({ length: count }, (_, index) => `r${index + 1}`), 'dst'];
  const names = createNamespaces(nodes);
  const routers = new Routers(new Map(nodes.map((node, index) => [node, names[index] ?? ''])));
  for (const name of names) mustRun('ip', ['netns', 'exec', name, 'sh', '-c', APPLY]);
  for (let link = 1; link < names.length; link++) join(names[link - 1] ?? '', names[link] ?? '', link);
  for (const [index, name] of names.entries()) addRoutes(name, index, names.length - 1);
  return routers;
}

/**
 * Makes the link between nodes `link - 1` and `link`, counted from 0 at src: 10.LINK.0.0/24 and fd00:LINK::/64. Its ends
 * know each other's MAC address, for the first neighbour solicitation on a new link may take a second.
 */
function join(left: string, right: string, link: number): void {
  const macs = [1, 2].map((host) => `02:00:00:00:${link.toString(16).padStart(2, '0')}:0${host}`);
  const [rightMac = '', leftMac = ''] = macs;
  const near = ['right', 'netns', left, 'address', leftMac];
  const far = ['name', 'left', 'netns', right, 'address', rightMac];
  mustRun('ip', ['link', 'add', 'name', ...near, 'type', 'veth', 'peer', ...far]);
  for (const [name, device, host, peer, peerMac] of [
    [left, 'right', 2, 1, rightMac],
    [right, 'left', 1, 2, leftMac],
  ] as const) {
    const lines = [
      `link set ${device} up`,
      `address add 10.${link}.0.${host}/24 dev ${device}`,
      `address add fd00:${link}::${host}/64 dev ${device} nodad`,
      `neighbour add 10.${link}.0.${peer} lladdr ${peerMac} dev ${device} nud permanent`,
      `neighbour add fd00:${link}::${peer} lladdr ${peerMac} dev ${device} nud permanent`,
    ];
    mustRun('ip', ['-n', name, '-batch', '-'], lines.join('\n'));
  }
}

/** Routes to the right by default, and to the left what lies there. dst has only a left side. */
function addRoutes(name: string, index: number, last: number): void {
  const rightward = index < last ? [`10.${index + 1}.0.1`, `fd00:${index + 1}::1`] : [];
  const leftward = [`10.${index}.0.2`, `fd00:${index}::2`];
  const lines = rightward.map((via) => `route add default via ${via}`);
  if (index === last) lines.push(...leftward.map((via) => `route add default via ${via}`));
  for (let link = 1; link < index; link++) {
    lines.push(
      `route add 10.${link}.0.0/24 via ${leftward[0]}`,
      `route add fd00:${link}::/64 via ${leftward[1]}`,
    );
  }
  mustRun('ip', ['-n', name, '-batch', '-'], lines.join('\n'));
}

/** A chain that is open. A router answers from its side that faces src: rN as 10.N.0.1 and fd00:N::1. */
export class Routers {
  /** Namespace names by node. */
  readonly #names: ReadonlyMap<Node, string>;
  readonly #closers: (() => void)[] = [];

  constructor(names: ReadonlyMap<Node, string>) {
    this.#names = names;
  }

  /** Addresses of src on the link to r1. */
  readonly source = { 4: '10.1.0.2', 6: 'fd00:1::2' } as const;

  /** Addresses of dst. */
  get destination(): { readonly 4: string; readonly 6: string } {
    const last = this.#names.size - 1;
    return { 4: `10.${last}.0.1`, 6: `fd00:${last}::1` };
  }

  /**
   * Answers the name of a node's namespace.
   * @throws RangeError when there is no such node
   */
  namespaceOf(node: Node): string {
    const name = this.#names.get(node);
    if (name === undefined) throw new RangeError(`no node ${node} (${[...this.#names.keys()].join(', ')})`);
    return name;
  }

  /** Runs a command in a node to its end. */
  async exec(
    node: Node,
    command: string,
    args: readonly string[],
    options?: SpawnOptions,
  ): Promise<CommandResult> {
    return ended(spawnIn(this.namespaceOf(node), command, args, options));
  }

  /**
   * Adds an nftables ruleset to those of a node. Answers what `nft` said.
   * @throws Error when nft refuses it
   */
  nft(node: Node, ruleset: string): string {
    return mustRun('ip', ['netns', 'exec', this.namespaceOf(node), 'nft', '-f', '-'], ruleset);
  }

  /** Answers the whole ruleset of a node as text, with its counters. */
  rules(node: Node): string {
    return mustRun('ip', ['netns', 'exec', this.namespaceOf(node), 'nft', 'list', 'ruleset']);
  }

  /** Accepts TCP connections on a port of dst, over IPv4 and IPv6, until the chain is closed. */
  async listen(port: number): Promise<void> {
    await this.start('dst', LISTENER, [String(port)]);
  }

  /**
   * Starts a program in a node and waits for its first line, which says that it is ready. It ends with its input, when the
   * chain is closed.
   * @throws Error when it ends before that line
   */
  async start(node: Node, program: string, args: readonly string[]): Promise<void> {
    const argv = ['-e', program, ...args];
    const child = spawnIn(this.namespaceOf(node), process.execPath, argv, { stdin: 'pipe' });
    this.#closers.push(() => child.stdin?.end());
    const output = child.stdout;
    if (!output) throw new Error('the program has no output');
    await new Promise<void>((resolve, reject) => {
      child.on('exit', (status) => {
        reject(new Error(`a program of ${node} (${args.join(' ')}) ended with status ${status}`));
      });
      createInterface({ input: output }).once('line', () => {
        resolve();
      });
    });
  }

  /** Removes everything. May be called more than once. */
  close(): void {
    for (const close of this.#closers.splice(0)) close();
    for (const name of this.#names.values()) removeNamespace(name);
  }
}
