/** Runs servers on loopback that answer as a test wants, and writes files for the resolver to read. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import packet from 'dns-packet';

const closers: (() => void)[] = [];

/** Closes and removes everything that tests have opened so far. For `afterEach`. */
export function closeAll(): void {
  for (const close of closers.splice(0)) close();
}

/** Calls `close` after the test. */
export function closing<T extends { close(): unknown }>(it: T): T {
  closers.push(() => {
    it.close();
  });
  return it;
}

/** The path of a new file. */
export function fileOf(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'polytrace-names-'));
  closers.push(() => {
    rmSync(directory, { recursive: true });
  });
  const path = join(directory, 'file');
  writeFileSync(path, text);
  return path;
}

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

/** The reason to skip tests over IPv6; false when there is none. */
export const skipIpv6 = hasIpv6 ? false : 'this machine has no ::1';

export interface Asked {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly transport: 'udp' | 'tcp';
}

/** The messages to send. */
type Answering = (asked: Asked) => Buffer[] | Promise<Buffer[]>;

export interface TestNameServer {
  readonly address: string;
  readonly port: number;
  /** All queries so far. */
  readonly asked: Asked[];
}

const TCP_LENGTH_FIELD = 2;

type Records = NonNullable<Parameters<typeof packet.encode>[0]['answers']>;

/** Makes a response to `asked`, spoiled as `wrong` says. */
export function responseTo(
  asked: Asked,
  answers: Records,
  wrong: { id?: number; name?: string; type?: string; class?: string; flags?: number } = {},
): Buffer {
  const question = {
    name: wrong.name ?? asked.name,
    type: wrong.type ?? asked.type,
    class: wrong.class ?? 'IN',
  };
  return packet.encode({
    id: wrong.id ?? asked.id,
    type: 'response',
    flags: wrong.flags ?? 0,
    questions: [question],
    answers,
  });
}

export const TRUNCATED = packet.TRUNCATED_RESPONSE;
export const SERVFAIL = 2;
export const NXDOMAIN = 3;
export const REFUSED = 5;

/** Answers by `type name`; everything else gets NXDOMAIN. */
export function zone(records: Record<string, Records>): (asked: Asked) => Buffer[] {
  return (asked) => {
    const answers = records[`${asked.type} ${asked.name}`];
    return [answers ? responseTo(asked, answers) : responseTo(asked, [], { flags: NXDOMAIN })];
  };
}

/** Records without an owner's class. */
export const record = {
  a: (name: string, data: string) => ({ name, type: 'A', data }) as const,
  aaaa: (name: string, data: string) => ({ name, type: 'AAAA', data }) as const,
  ptr: (name: string, data: string) => ({ name, type: 'PTR', data }) as const,
  cname: (name: string, data: string) => ({ name, type: 'CNAME', data }) as const,
  txt: (name: string, ...data: string[]) => ({ name, type: 'TXT', data }) as const,
};

/** Returns what `start` returns, and tries again when a port that it needs was taken meanwhile. */
export async function untilFree<T>(start: () => Promise<T>): Promise<T> {
  for (let tries = 10; ; tries--) {
    try {
      return await start();
    } catch (error) {
      if (tries === 0 || !(error instanceof Error && error.message.includes('EADDRINUSE'))) throw error;
    }
  }
}

/** Starts a name server over UDP and TCP on one port; on any free one unless it is given. */
export function nameServer(answer: Answering, host = '127.0.0.1', port?: number): Promise<TestNameServer> {
  const start = () => startNameServer(answer, host, port ?? 0);
  return port === undefined ? untilFree(start) : start();
}

async function startNameServer(answer: Answering, host: string, wanted: number): Promise<TestNameServer> {
  const asked: Asked[] = [];
  const tcp = createServer((socket) => {
    serveTcp(socket, asked, answer);
  });
  const { port } = await listening(tcp, host, wanted);
  closing(tcp);
  const udp = closing(createSocket(host.includes(':') ? 'udp6' : 'udp4'));
  await new Promise<void>((resolve, reject) => udp.once('error', reject).bind(port, host, resolve));
  serveUdp(udp, asked, answer);
  return { address: host, port, asked };
}

async function listening(server: Server, host: string, port: number): Promise<AddressInfo> {
  server.listen(port, host);
  await once(server, 'listening');
  return server.address() as AddressInfo; // a TCP server's address is never a path
}

function serveUdp(socket: UdpSocket, asked: Asked[], answer: Answering): void {
  socket.on('message', (octets, { address, port }) => {
    const query = queryIn(octets, 'udp');
    asked.push(query);
    void Promise.resolve(answer(query)).then((messages) => {
      for (const message of messages) socket.send(message, port, address);
    });
  });
}

function serveTcp(socket: Socket, asked: Asked[], answer: Answering): void {
  socket.on('error', () => socket.destroy());
  socket.on('data', (octets) => {
    const query = queryIn(octets.subarray(TCP_LENGTH_FIELD), 'tcp');
    asked.push(query);
    void Promise.resolve(answer(query)).then((messages) => {
      for (const message of messages) {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(message.length);
        socket.write(Buffer.concat([length, message]));
      }
      if (messages.length === 0) socket.resetAndDestroy();
    });
  });
}

function queryIn(octets: Buffer, transport: Asked['transport']): Asked {
  const { name, type } = packet.question.decode(octets, 12);
  return { id: octets.readUInt16BE(0), name, type, transport };
}

/** Opens a UDP socket that reads and says nothing. */
export async function silentServer(host = '127.0.0.1'): Promise<TestNameServer> {
  return nameServer(() => [], host);
}

/** A port of the loopback where nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const { port } = await listening(server, '127.0.0.1', 0);
  server.close();
  await once(server, 'close');
  return port;
}

export interface TestWhoisServer {
  readonly port: number;
  /** Lines received, without their ends. */
  readonly lines: string[];
  connections: number;
  close(): void;
}

/** Starts a whois server. `answer` returns what to send for each line, or undefined when it has sent that itself. */
export async function whoisServer(
  answer: (line: string, socket: Socket) => string | undefined,
  host = '127.0.0.1',
): Promise<TestWhoisServer> {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    whois.connections++;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let rest = '';
    socket.on('data', (octets) => {
      const parts = (rest + octets.toString('latin1')).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        const text = answer(line, socket);
        if (text) socket.write(text, 'latin1');
      }
    });
  });
  const { port } = await listening(server, host, 0);
  const whois = closing({
    port,
    lines,
    connections: 0,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  });
  return whois;
}

/** A reply with data of the IRRd protocol. */
export function whoisData(data: string): string {
  return `A${Buffer.byteLength(data)}\n${data}C\n`;
}
