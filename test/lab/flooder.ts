/**
 * Floods a host with ICMP errors about datagrams that it never sent.
 *
 * Arguments: the source, the host, and the errors a second. Standard output has the line `flooding` once they flow. The end
 * of the input ends the process, which then prints how many have left, and in how many seconds.
 */
import { octetsOf } from '../../src/model/address.ts';
import { IPPROTO_RAW, SOCK } from '../../src/net/linux/constants.ts';
import { KernelSocket } from '../../src/net/linux/kernel-socket.ts';
import { loadLibc } from '../../src/net/linux/libc.ts';
import { encodeSockaddr } from '../../src/net/linux/sockaddr.ts';
import { readDatagram } from '../sim/datagram.ts';
import { encodeError, timeExceeded } from '../sim/icmp-error.ts';
import { udpProbe } from '../sim/make-probe.ts';

/** Enough that the clock is seldom read, and few enough that no queue is filled in one go. */
const BURST = 64;

const [from = '', to = '', rate = ''] = process.argv.slice(2);
const perMs = Number(rate) / 1000;
const libc = loadLibc();
const socket = new KernelSocket(libc, 4, SOCK.RAW, IPPROTO_RAW);
const error = timeExceeded(4);
const probe = readDatagram(udpProbe({ source: to, destination: '203.0.113.7' }));
const octets = encodeError(error, probe, { responder: octetsOf(from), ttl: 64, labels: [] });
const address = encodeSockaddr({ family: 4, octets: octetsOf(to), port: 0, scopeId: 0 });
const sendto = libc.call('sendto');
const startMs = performance.now();
let sent = 0;

function burst(): void {
  // what a busy machine has no time for is left out, so that the end of the input is heard
  const due = Math.min((performance.now() - startMs) * perMs, sent + 64 * BURST);
  while (sent < due) for (const end = sent + BURST; sent < end; sent++) send();
  setImmediate(burst);
}

function send(): void {
  libc.check(sendto(socket.fd, octets, octets.length, 0, address, address.length));
}

burst();
process.stdout.write('flooding\n');
process.stdin.resume().on('close', () => {
  process.stdout.write(`${sent} ${(performance.now() - startMs) / 1000}\n`, () => process.exit());
});
