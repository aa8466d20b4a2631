/**
 * Makes a slow link between src and another node of a chain of routers. Each end is a TUN device. A program keeps its datagrams for
 * a while, and then sends them to the other end over UDP. The hosts at both ends are kernels.
 */
import { mustRun } from './command.ts';
import type { Node, Routers } from './routers.ts';

/** Keeps each datagram for the milliseconds of its first argument. Constants: linux/if_tun.h */
const RELAY = `
const { openSync, read, writeSync } = require('node:fs');
const [delayMs, peer] = process.argv.slice(1);
const [TUNSETIFF, IFF_TUN, IFF_NO_PI, IFNAMSIZ, PORT] = [0x400454ca, 0x0001, 0x1000, 16, 4790];
const device = openSync('/dev/net/tun', 'r+');
const request = Buffer.alloc(40);
request.write('slow');
request.writeUInt16LE(IFF_TUN | IFF_NO_PI, IFNAMSIZ);
const ioctl = require('koffi').load(null).func('int ioctl(int, ulong, void *)');
if (ioctl(device, TUNSETIFF, request) < 0) throw new Error('no TUN device');
const socket = require('node:dgram').createSocket('udp4', (datagram) => writeSync(device, datagram));
const forward = () => read(device, (error, length, octets) => {
  if (error) throw error;
  const datagram = Buffer.from(octets.subarray(0, length));
  setTimeout(() => socket.send(datagram, PORT, peer), Number(delayMs));
  forward();
});
socket.bind(PORT, () => {
  forward();
  console.log('ready');
});
process.stdin.on('close', () => process.exit()).resume();`;

/** The network of the link, and the addresses of src and the other end on it. */
export const SLOW_NETWORK = '10.200.0.0/30';
const [NEAR, FAR] = ['10.200.0.1', '10.200.0.2'] as const;

/**
 * Adds the link to a chain. Answers the address of its far end, one hop from src.
 * @param far - the node there, and its address on the links between the nodes
 */
export async function addSlowLink(
  routers: Routers,
  delayMs: number,
  far: { readonly node: Node; readonly address: string } = { node: 'dst', address: routers.destination[4] },
): Promise<string> {
  const ends = [
    { node: 'src', own: NEAR, peer: far.address },
    { node: far.node, own: FAR, peer: routers.source[4] },
  ];
  for (const { node, own, peer } of ends) {
    const lines = [
      'tuntap add dev slow mode tun',
      // no link-local address, whose upkeep would send what is no probe
      'link set slow addrgenmode none',
      'link set slow up',
      `address add ${own}/30 dev slow`,
    ];
    mustRun('ip', ['-n', routers.namespaceOf(node), '-batch', '-'], lines.join('\n'));
    await routers.start(node, RELAY, [String(delayMs), peer]);
  }
  return FAR;
}
