/** Opens a namespace whose one neighbour answers for 65,536 targets. */
import { mustRun } from '../lab/command.ts';
import { createNamespaces, removeNamespace } from '../lab/namespaces.ts';

/** The address that traces leave from. */
export const SOURCE = '10.76.0.1';
const NEIGHBOUR = { address: '10.76.0.2', mac: '02:00:00:00:76:02' } as const;
/** The first target that answers with port unreachable, as all of 10.77.0.0/16 does. */
export const ANSWERING = '10.77.0.1';
/** The first target that never answers, as all of 10.78.0.0/16. */
export const SILENT = '10.78.0.1';

const NO_LIMITS = [
  'icmp_ratelimit=0',
  'icmp_ratemask=0',
  'icmp_msgs_per_sec=1000000000',
  'icmp_msgs_burst=1000000',
];

/** Opens both ends. Answers the name of the namespace to trace in, and a function that removes all of it. */
export function openOneHop(): { namespace: string; close: () => void } {
  const [near = '', far = ''] = createNamespaces(['near', 'far']);
  mustRun('ip', [
    ...['link', 'add', 'name', 'wire', 'netns', near, 'type', 'veth'],
    ...['peer', 'name', 'wire', 'netns', far, 'address', NEIGHBOUR.mac],
  ]);
  batch(far, [
    `address add ${NEIGHBOUR.address}/30 dev wire`,
    'link set wire up',
    'route add local 10.77.0.0/16 dev lo',
    'route add blackhole 10.78.0.0/16',
  ]);
  batch(near, [
    `address add ${SOURCE}/30 dev wire`,
    'link set wire up',
    `neighbour replace ${NEIGHBOUR.address} lladdr ${NEIGHBOUR.mac} dev wire nud permanent`,
    `route add default via ${NEIGHBOUR.address}`,
  ]);
  // older kernels keep some of these for the whole machine, and have no file for them here
  for (const setting of NO_LIMITS) {
    const [key = '', value = ''] = setting.split('=');
    const file = `/proc/sys/net/ipv4/${key}`;
    mustRun('ip', ['netns', 'exec', far, 'sh', '-c', `[ ! -w ${file} ] || echo ${value} > ${file}`]);
  }
  const close = (): void => {
    for (const name of [near, far]) removeNamespace(name);
  };
  return { namespace: near, close };
}

function batch(namespace: string, lines: readonly string[]): void {
  mustRun('ip', ['-n', namespace, '-batch', '-'], lines.join('\n'));
}
