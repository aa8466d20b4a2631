/**
 * Plays a path over real packets, inside the far namespace of a lab: receives every IPv4 datagram on raw sockets,
 * and sends what the simulated path answers, after its delay.
 *
 * Standard input is a line of JSON each: `{"path": ...}` starts over with a path and is answered `ready`,
 * `{"flush": true}` is answered `flushed` once all that has arrived is read. Standard output has a line of JSON for
 * each probe. The end of the input ends the process.
 */
import { createInterface } from 'node:readline';
import { addressOf } from '../../src/model/address.ts';
import { WireError } from '../../src/wire/wire-error.ts';
import { readDatagram } from '../sim/datagram.ts';
import { answer, isNameQuery, isProbe, openPath, type PathState } from '../sim/path.ts';
import type { PathFormat } from '../sim/path-format.ts';
import { seededRandom } from '../sim/random.ts';
import { recordProbe } from '../sim/record-probe.ts';
import { HIDDEN_SOURCE_ROUTE, RESPONDER_MARK } from './mark.ts';
import { openMarkedSender, openReceiver } from './raw-socket.ts';

/** What the lab says to the responder. */
export type Order = { readonly path: PathFormat; readonly seed: number } | { readonly flush: true };

/** Every protocol number that a datagram can have, save those the kernel keeps for itself. */
const PROTOCOLS = Array.from({ length: 254 }, (_, index) => index + 1);

/** Option types of IPv4. RFC 791 section 3.1 */
const NO_OPERATION = 1;
const LOOSE_SOURCE_ROUTE = 131;

let path: PathState | undefined;
const send = openMarkedSender(RESPONDER_MARK);
const drains = PROTOCOLS.map((protocol) => openReceiver(protocol, receive));

function receive(octets: Uint8Array): void {
  if (!path) return;
  if (octets[20] === NO_OPERATION && octets[21] === HIDDEN_SOURCE_ROUTE) octets[21] = LOOSE_SOURCE_ROUTE;
  try {
    play(path, octets);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    process.stderr.write(`${error.message}\n`);
  }
}

function play(state: PathState, octets: Uint8Array): void {
  const datagram = readDatagram(octets);
  if (isProbe(datagram) && !isNameQuery(state.format, datagram)) say(JSON.stringify(recordProbe(octets)));
  const tracer = addressOf(datagram.source);
  for (const { afterMs, octets: reply } of answer(state, octets)) {
    setTimeout(() => {
      if (path === state) send(reply, tracer);
    }, afterMs);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function obey(order: Order): void {
  for (const drain of drains) drain();
  if ('flush' in order) {
    say('flushed');
    return;
  }
  path = openPath(order.path, seededRandom(order.seed));
  say('ready');
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    obey(JSON.parse(line) as Order); // from the lab, which types it
  })
  .on('close', () => {
    process.exit();
  });
