/**
 * Plays a path over real packets, at the far end of a lab's tunnel: receives every datagram, of either family, and
 * sends what the simulated path answers, after its delay.
 *
 * Standard input is a line of JSON each: `{"path": ...}` starts over with a path and is answered `ready`,
 * `{"flush": true}` is answered `flushed` once all that has arrived is read. Standard output has a line of JSON for
 * each probe. The end of the input ends the process.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { WireError } from '../../src/wire/wire-error.ts';
import { readDatagram } from '../sim/datagram.ts';
import { answer, isNameQuery, isProbe } from '../sim/path.ts';
import type { PathFormat } from '../sim/path-format.ts';
import { openPath, type PathState } from '../sim/path-state.ts';
import { seededRandom } from '../sim/random.ts';
import { recordProbe } from '../sim/record-probe.ts';
import { namesOfMachine } from '../sim/services/name-server.ts';
import { FAR, NEAR, unpack, type Unpacked } from './tunnel.ts';

/** An order of the lab: play another path, or read all that has arrived. */
export type Order = { readonly path: PathFormat; readonly seed: number } | { readonly flush: true };

const RECEIVE_BUFFER_OCTETS = 4 << 20;

interface Arrival {
  readonly message: Uint8Array;
  readonly from: { readonly address: string; readonly port: number };
  readonly atMs: number;
}

let path: PathState | undefined;
/** Orders wait until what had arrived before them is read. */
const orders: Order[] = [];
/** Not answered yet. Reading goes before answering: replies are timed from the moment when a probe was read. */
const arrivals: Arrival[] = [];
/** What is still to be done, by time. */
const dues: { readonly dueMs: number; readonly act: () => void }[] = [];
let timer: NodeJS.Timeout | undefined;
const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_OCTETS });

function receive(message: Uint8Array, from: { address: string; port: number }): void {
  arrivals.push({ message, from, atMs: performance.now() });
  if (arrivals.length === 1) setImmediate(takeOne);
}

function takeOne(): void {
  const arrival = arrivals.shift();
  if (arrivals.length > 0) setImmediate(takeOne);
  if (arrival?.from.address === FAR.address) obey(orders.shift());
  else if (arrival) take(arrival);
}

function take({ message, atMs }: Arrival): void {
  const unpacked = unpack(message);
  if (!path || !unpacked) return;
  try {
    play(path, unpacked, atMs);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    process.stderr.write(`${error.message}\n`);
  }
}

function play(state: PathState, { datagram: octets, wrap }: Unpacked, atMs: number): void {
  const datagram = readDatagram(octets);
  if (isProbe(datagram) && !isNameQuery(state.format, datagram)) say(JSON.stringify(recordProbe(octets)));
  const answers = answer(state, octets);
  // those of one time keep their order
  for (const afterMs of new Set(answers.map((each) => each.afterMs))) {
    atTime(atMs + afterMs, () => {
      if (path !== state) return;
      const due = answers.filter((each) => each.afterMs === afterMs);
      for (const reply of due) socket.send(wrap(reply.octets), FAR.port, NEAR);
    });
  }
}

/** Acts at a time, never before it, and in the order of times, even where a busy machine makes it late. */
function atTime(dueMs: number, act: () => void): void {
  dues.splice(dues.findLastIndex((due) => due.dueMs <= dueMs) + 1, 0, { dueMs, act });
  actWhereDue();
}

function actWhereDue(): void {
  while (dues[0] && dues[0].dueMs <= performance.now()) dues.shift()?.act();
  clearTimeout(timer);
  // timers count from a time that the event loop took some milliseconds ago, so this may come too early
  if (dues[0]) timer = setTimeout(actWhereDue, Math.ceil(dues[0].dueMs - performance.now()));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The name server knows the machine by its real name. */
function withHostname(format: PathFormat): PathFormat {
  const { dns } = format;
  return dns ? { ...format, dns: { ...dns, names: namesOfMachine(dns.names, hostname()) } } : format;
}

function obey(order: Order | undefined): void {
  if (!order) return;
  if ('flush' in order) {
    say('flushed');
    return;
  }
  path = openPath(withHostname(order.path), seededRandom(order.seed), () => performance.now());
  say('ready');
}

socket.on('message', receive);
socket.bind(FAR.port, FAR.address);
await once(socket, 'listening');
createInterface({ input: process.stdin })
  .on('line', (line) => {
    orders.push(JSON.parse(line) as Order); // from the lab, which types it
    socket.send('', FAR.port, FAR.address);
  })
  .on('close', () => {
    process.exit();
  });
