/**
 * The programs that listen on the tracer's own machine: the whois server of a path, and those that have its busy ports.
 *
 * The one argument is a path as JSON. Standard output has the line `ready` once all listen. The end of the input ends
 * the process.
 */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { PathFormat, WhoisFormat } from '../sim/path-format.ts';
import { answerWhois } from '../sim/services/whois-server.ts';

const WHOIS_PORT = 43;
/** RFC 3912 leaves lines to the server; this one takes them of clients that end them with LF or CR LF. */
const LINE = /^(.*?)\r?\n/;

function serveWhois(whois: WhoisFormat): (socket: Socket) => void {
  return (socket) => {
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text;
      for (let line = LINE.exec(received); line; line = LINE.exec(received)) {
        received = received.slice(line[0].length);
        socket.write(answerWhois(whois, line[1] ?? ''));
      }
    });
    socket.on('error', () => socket.destroy());
  };
}

async function listen(port: number, host: string, serve: (socket: Socket) => void): Promise<void> {
  await once(createServer(serve).listen(port, host), 'listening');
}

const { whois, busy = [] } = JSON.parse(process.argv[2] ?? '{}') as PathFormat; // from the lab, which types it
if (whois) await listen(WHOIS_PORT, whois.addr, serveWhois(whois));
for (const port of busy) await listen(port, '0.0.0.0', (socket) => socket.destroy());
process.stdout.write('ready\n');
process.stdin.resume().on('close', () => process.exit());
