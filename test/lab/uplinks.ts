/**
 * A machine with two uplinks, whose gateways are mere MAC addresses, and a third, point-to-point and without an address.
 * What it sends is seen at the far ends of the links, with the gateway that it is for. Nothing answers.
 */
import { ended, mustRun, spawnIn, type CommandResult } from './command.ts';
import { createNamespaces, removeNamespace } from './namespaces.ts';

/** Gateways by address: the MAC address of each, and the link that it is on. */
const GATEWAYS: Readonly<Record<string, readonly [mac: string, device: string]>> = {
  '10.1.0.1': ['02:00:00:00:01:01', 'e0'],
  '10.1.0.3': ['02:00:00:00:01:03', 'e0'],
  '10.4.0.1': ['02:00:00:00:04:01', 'e1'],
  'fd01::1': ['02:00:00:00:01:01', 'e0'],
  'fd01::3': ['02:00:00:00:01:03', 'e0'],
  'fd04::1': ['02:00:00:00:04:01', 'e1'],
  'fe80::103': ['02:00:00:00:01:03', 'e0'],
};

/** Addresses of the machine on either link. */
export const OWN = {
  4: { e0: '10.1.0.2', e1: '10.4.0.2' },
  6: { e0: 'fd01::2', e1: 'fd04::2' },
} as const;

/** What a default route of each family leads to, unless a test says otherwise. */
const DEFAULT_GATEWAY = { 4: '10.1.0.1', 6: 'fd01::1' } as const;

/** A packet that left: by which link, for which gateway, of which flow. The ports of ICMP are its type and code. */
export interface Left {
  readonly device: string;
  readonly mac: string;
  readonly protocol: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** Notes each flow once, as it arrives at the far end of a link. Neighbour discovery and its like are left out. */
const WATCH = `
table netdev watch {
  set seen {
    type ifname . ether_addr . inet_proto . inet_service . inet_service
    flags dynamic
    size 65535
  }
  chain in {
    type filter hook ingress devices = { e0, e1, e2 } priority 0
    icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, mld2-listener-report } return
    meta l4proto { tcp, udp, icmp, ipv6-icmp } update @seen { iifname . ether daddr . meta l4proto . th sport . th dport }
  }
}`;

/** The machine, until it is closed. */
export class Uplinks {
  readonly namespace: string;
  readonly #far: string;

  constructor() {
    const [namespace = '', far = ''] = createNamespaces(['near', 'far']);
    this.namespace = namespace;
    this.#far = far;
    for (const device of ['e0', 'e1', 'e2']) {
      const near = ['name', device, 'netns', namespace];
      mustRun('ip', ['link', 'add', ...near, 'type', 'veth', 'peer', 'name', device, 'netns', far]);
      mustRun('ip', ['-n', far, 'link', 'set', device, 'up']);
    }
    this.ip(
      'link set e2 arp off addrgenmode none',
      'link set e2 up',
      ...(['e0', 'e1'] as const).flatMap((device) => [
        `link set ${device} up`,
        `address add ${OWN[4][device]}/24 dev ${device}`,
        `address add ${OWN[6][device]}/64 dev ${device} nodad`,
      ]),
      'address add 10.77.0.1/32 dev lo',
      'address add fd77::1/128 dev lo',
      ...Object.entries(GATEWAYS).map(
        ([address, [mac, device]]) => `neighbour add ${address} lladdr ${mac} dev ${device} nud permanent`,
      ),
      ...Object.values(DEFAULT_GATEWAY).map((gateway) => `route add default via ${gateway}`),
    );
    mustRun('ip', ['netns', 'exec', far, 'nft', '-f', '-'], WATCH);
  }

  /** Runs lines of ip(8)'s batch mode. @throws Error when one is refused */
  ip(...lines: readonly string[]): void {
    for (const line of lines) {
      const family = line.startsWith('rule') && /fd|ipv6/.test(line) ? ['-6'] : [];
      mustRun('ip', ['-n', this.namespace, ...family, ...line.split(' ')]);
    }
  }

  /** Sets kernel parameters, as `net.ipv4.ip_forward=1`. */
  sysctl(...settings: readonly string[]): void {
    for (const setting of settings) {
      const [key = '', value = ''] = setting.split('=');
      const path = `/proc/sys/${key.replaceAll('.', '/')}`;
      mustRun('ip', ['netns', 'exec', this.namespace, 'sh', '-c', `echo ${value} > ${path}`]);
    }
  }

  /** Runs a command on the machine to its end. */
  async exec(command: string, args: readonly string[]): Promise<CommandResult> {
    return ended(spawnIn(this.namespace, command, args));
  }

  /** What has left since the last call. */
  left(): Left[] {
    const inFar = ['netns', 'exec', this.#far, 'nft'];
    const listed = mustRun('ip', [...inFar, '-j', 'list', 'set', 'netdev', 'watch', 'seen']);
    mustRun('ip', [...inFar, 'flush', 'set', 'netdev', 'watch', 'seen']);
    return elementsOf(listed).map(([device = '', mac = '', protocol = '', sourcePort, destinationPort]) => ({
      device: String(device),
      mac: String(mac),
      protocol: String(protocol),
      sourcePort: Number(sourcePort),
      destinationPort: Number(destinationPort),
    }));
  }

  /** The way that the kernel names for a flow: the device, and the MAC address of its gateway. */
  routeOf(destination: string, options: readonly string[]): Pick<Left, 'device' | 'mac'> {
    const argv = ['-n', this.namespace, '-j', 'route', 'get', destination, ...options];
    const [route = {}] = JSON.parse(mustRun('ip', argv)) as { dev?: string; gateway?: string }[]; // as ip(8) prints it
    const { dev = '', gateway = '' } = route;
    return { device: dev, mac: GATEWAYS[gateway]?.[0] ?? `of ${gateway || destination}` };
  }

  /** Removes everything. */
  close(): void {
    removeNamespace(this.namespace);
    removeNamespace(this.#far);
  }
}

interface Listing {
  readonly nftables: readonly {
    readonly set?: { readonly elem?: readonly { readonly concat: readonly (string | number)[] }[] };
  }[];
}

function elementsOf(listing: string): (readonly (string | number)[])[] {
  const { nftables } = JSON.parse(listing) as Listing; // as libnftables-json(5) describes it
  return nftables.flatMap(({ set }) => set?.elem?.map(({ concat }) => concat) ?? []);
}
