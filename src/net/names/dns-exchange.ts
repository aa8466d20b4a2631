/**
 * Sends one query to one name server: over UDP, then over TCP if the answer did not fit. RFC 1035 section 4.2, RFC 7766
 */
import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { connect } from 'node:net';
import { familyOf, type Address, type Family } from '../../model/address.ts';
import { IP, IPV6, SOL } from '../linux/constants.ts';
import { loadedLibc } from '../linux/libc.ts';
import {
  decodeResponse,
  encodeQuery,
  type DnsQuery,
  type DnsResponse,
  type QueryType,
} from './dns-message.ts';

/** The place where a name server listens. The address may have a zone. */
export interface NameServer {
  readonly address: Address;
  readonly port: number;
}

/** A query and its response. */
export interface Exchange {
  readonly query: DnsQuery;
  readonly response: DnsResponse;
}

/**
 * Asks one server once and waits at most `timeoutMs`, or until `closing`.
 * @returns undefined when the server did not answer in time, or cannot be reached
 */
export async function exchange(
  question: { readonly name: string; readonly type: QueryType },
  server: NameServer,
  timeoutMs: number,
  closing: AbortSignal,
): Promise<Exchange | undefined> {
  if (closing.aborted) return undefined;
  const query = { ...question, id: randomInt(0x10000) };
  const wait = new AbortController();
  const end = () => {
    wait.abort();
  };
  const timer = setTimeout(end, timeoutMs);
  closing.addEventListener('abort', end, { once: true });
  try {
    const first = await overUdp(query, server, wait.signal);
    const response = first?.truncated ? await overTcp(query, server, wait.signal) : first;
    return response && { query, response };
  } finally {
    clearTimeout(timer);
    closing.removeEventListener('abort', end);
  }
}

/** The socket is connected, so the system drops what others send and reports when nobody listens. */
function overUdp(query: DnsQuery, server: NameServer, signal: AbortSignal): Promise<DnsResponse | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: familyOf(server.address) === 4 ? 'udp4' : 'udp6', signal });
    let response: DnsResponse | undefined;
    let open = true;
    const close = () => {
      if (open) socket.close();
    };
    socket.on('close', () => {
      open = false;
      resolve(response);
    });
    socket.on('error', close);
    socket.on('message', (octets) => {
      response ??= decodeResponse(octets, query);
      if (response) close();
    });
    socket.on('connect', () => {
      hearUnreachable(socket, familyOf(server.address));
      socket.send(encodeQuery(query));
    });
    socket.connect(server.port, server.address);
  });
}

/** The part of Node's own state of a socket that is used here. */
interface SocketState {
  readonly handle?: { readonly fd?: number };
}

/**
 * Has the system report that a router found no way to the server, as the C library does: else it reports only that nobody
 * listens. ip(7), IP_RECVERR. Does nothing where the kernel's calls are not loaded.
 */
function hearUnreachable(socket: Socket, family: Family): void {
  const fd = descriptorOf(socket);
  if (fd === undefined || fd < 0) return;
  if (family === 4) loadedLibc()?.setOption(fd, SOL.IP, IP.RECVERR, 1);
  else loadedLibc()?.setOption(fd, SOL.IPV6, IPV6.RECVERR, 1);
}

/** Node gives no other way to it. Undefined where another Node keeps it elsewhere. */
function descriptorOf(socket: Socket): number | undefined {
  const key = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'state symbol');
  const state = key && (Reflect.get(socket, key) as SocketState | undefined); // Reflect types it as any
  return state?.handle?.fd;
}

const LENGTH_FIELD = 2;

function overTcp(query: DnsQuery, server: NameServer, signal: AbortSignal): Promise<DnsResponse | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: server.address, port: server.port, signal });
    let response: DnsResponse | undefined;
    let received = Buffer.alloc(0);
    socket.on('close', () => {
      resolve(response);
    });
    socket.on('error', () => {
      socket.destroy();
    });
    socket.on('end', () => {
      socket.destroy();
    });
    socket.on('data', (octets) => {
      received = Buffer.concat([received, octets]);
      for (let message = firstMessage(received); message && !response; message = firstMessage(received)) {
        received = received.subarray(LENGTH_FIELD + message.length);
        response = decodeResponse(message, query);
      }
      if (response) socket.destroy();
    });
    socket.write(withLength(encodeQuery(query)));
  });
}

function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_FIELD);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** The first message of a stream; undefined while it is incomplete. */
function firstMessage(stream: Buffer): Buffer | undefined {
  if (stream.length < LENGTH_FIELD) return undefined;
  const end = LENGTH_FIELD + stream.readUInt16BE(0);
  return stream.length < end ? undefined : stream.subarray(LENGTH_FIELD, end);
}
