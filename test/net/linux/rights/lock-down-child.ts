/** A program that locks itself down, then tries what it should still be able to do and what not. Prints each outcome. */
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AF, SOCK } from '../../../../src/net/linux/constants.ts';
import { loadLibc } from '../../../../src/net/linux/libc.ts';
import { capabilitiesOf, keepCapabilities } from '../../../../src/net/linux/rights/capabilities.ts';
import { lockDown } from '../../../../src/net/linux/rights/lock-down.ts';
import { Netlink } from '../../../../src/net/linux/netlink.ts';

const libc = loadLibc();
const library = libc.koffi.load(null);
const ptrace = library.func('ptrace', 'long', ['long', 'long', 'void *', 'void *']) as (
  ...values: unknown[]
) => number; // koffi types it as any
const readOther = library.func('process_vm_readv', 'long', [
  'int',
  'void *',
  'ulong',
  'void *',
  'ulong',
  'ulong',
]) as (...values: unknown[]) => number; // koffi types it as any
const errnoOf = (result: number): number => (result < 0 ? libc.koffi.errno() : 0);
const [PTRACE_TRACEME, AF_PACKET, NETLINK_NETFILTER] = [0, 17, 12];

/** Opens a socket and closes it. Answers the error's number; 0 for none. */
function opened(domain: number, type: number, protocol = 0): number {
  const fd = libc.call('socket')(domain, type, protocol);
  if (fd >= 0) libc.call('close')(fd);
  return Math.max(0, -fd);
}

/** A line of each thread's status. */
function ofThreads(field: string): string[] {
  return readdirSync('/proc/self/task').flatMap((thread) => {
    const status = statusOf(thread);
    return status === undefined ? [] : [new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? 'none'];
  });
}

/** Undefined where the thread, a worker's, has ended meanwhile. */
function statusOf(thread: string): string | undefined {
  try {
    return readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
  } catch {
    return undefined;
  }
}

async function datagramArrives(): Promise<boolean> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.send('x', socket.address().port, '127.0.0.1');
  await once(socket, 'message');
  socket.close();
  return true;
}

async function streamConnects(): Promise<boolean> {
  const server = createServer((client) => client.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  await once(client.resume(), 'end');
  server.close();
  return true;
}

await readFile('/dev/null'); // starts libuv's pool
keepCapabilities(libc, Number(process.argv[2]));
const permitted = String(capabilitiesOf(libc).permitted);
const lack = lockDown(libc) ?? '';
const worker = new Worker('require("node:worker_threads").parentPort.postMessage("worked")', { eval: true });
const [said] = (await once(worker, 'message')) as [string]; // what the worker posts

console.log(
  JSON.stringify({
    lack,
    permitted,
    threads: { NoNewPrivs: ofThreads('NoNewPrivs'), Seccomp: ofThreads('Seccomp') },
    refused: {
      execve: spawnSync('/bin/true').error?.message ?? 'ran',
      ptrace: errnoOf(ptrace(PTRACE_TRACEME, 0, null, null)),
      process_vm_readv: errnoOf(readOther(process.ppid, null, 0, null, 0, 0)),
      raw4: opened(AF.INET, SOCK.RAW, 1),
      raw6: opened(AF.INET6, SOCK.RAW, 58),
      packet: opened(AF_PACKET, SOCK.RAW),
      packets: opened(AF_PACKET, SOCK.DGRAM),
      netfilter: opened(AF.NETLINK, SOCK.RAW, NETLINK_NETFILTER),
    },
    works: {
      datagram: await datagramArrives(),
      stream: await streamConnects(),
      lookup: (await lookup('127.0.0.1')).address,
      name: (await lookup('localhost', { family: 4 })).address,
      file: (await readFile('/proc/self/comm', 'utf8')) !== '',
      interfaces: 'lo' in networkInterfaces(),
      loopback: new Netlink(libc).link('lo')?.name,
      worker: said,
    },
  }),
);
