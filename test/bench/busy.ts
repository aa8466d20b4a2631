/**
 * `npm run bench:busy` measures the times that a TCP trace prints on a machine that has much else to read: a gigabit a
 * second of foreign TCP, and a hundred thousand foreign ICMP errors a second. Linux traceroute takes its turns in the same
 * minutes. The goal: a p99 of the error under twice Linux traceroute's.
 */
import { fileURLToPath } from 'node:url';
import { ended, sees, spawnIn } from '../lab/command.ts';
import { openRouters, type Routers } from '../lab/routers.ts';
import { captured } from './capture.ts';
import { inTurn, median, quantile } from './measure.ts';
import { printedRttsUs } from './printed-rtts.ts';
import { tableText, verdict } from './table.ts';
import { OURS, peer, type Tool } from './tools.ts';
import { wireRttsUs } from './wire-times.ts';

const RUNS = 30;
const PORT = 5001;
const TCP_OCTETS_A_SECOND = 125_000_000;
const ICMP_A_SECOND = 100_000;
/** The router that the foreign errors come from is on no path. */
const STRANGER = '198.51.100.99';
const FLOODER = fileURLToPath(new URL('../lab/flooder.ts', import.meta.url));

const SINK = `
require('node:net').createServer((socket) => socket.on('error', () => {}).resume()).listen(${PORT}, () => console.log('ready'));
process.stdin.on('close', () => process.exit()).resume();`;
/** Sends so many octets a second, the missing ones every millisecond. */
const SOURCE = `
const [host, rate] = process.argv.slice(1);
const octets = Buffer.alloc(1 << 20);
const socket = require('node:net').connect(${PORT}, host, () => {
  console.log('ready');
  const startMs = performance.now();
  let sent = 0;
  setInterval(() => {
    const due = ((performance.now() - startMs) * rate) / 1000;
    for (; sent < due && socket.writableLength < 8 << 20; sent += octets.length) socket.write(octets);
    sent = Math.max(sent, due - octets.length);
  }, 1);
});
process.stdin.on('close', () => process.exit()).resume();`;

const LINUX = peer('traceroute');
const OPTIONS = ['-n', '-q', '10', '-f', '1', '-m', '2', '-w', '2'];
const WAYS: readonly { readonly tool: Tool; readonly args: readonly string[] }[] = [
  { tool: OURS, args: [...OURS.first, ...OPTIONS, '-P', 'tcp', '-e', '-p', '80', '--parallel', '1'] },
  ...(LINUX ? [{ tool: LINUX, args: [...OPTIONS, '-T', '-p', '80', '-N', '1'] }] : []),
];

/** Printed minus true time, in microseconds, of each probe that has both. */
async function errorsUs(routers: Routers, { tool, args }: (typeof WAYS)[number]): Promise<number[]> {
  const where = {
    namespace: routers.namespaceOf('src'),
    device: 'right',
    filter: `(icmp and not src host ${STRANGER}) or (tcp and dst port 80)`,
  };
  const trace = () => ended(spawnIn(where.namespace, tool.command, [...args, routers.destination[4]]));
  const { result, datagrams } = await captured(where, trace);
  if (result.status !== 0) throw new Error(`${tool.name}: ${result.stderr}`);
  const truth = wireRttsUs(datagrams);
  return printedRttsUs(result.stdout).flatMap((printed, index) => {
    const real = truth[index];
    return printed === undefined || real === undefined ? [] : [printed - real];
  });
}

async function measure(what: string, routers: Routers): Promise<string[][]> {
  const turns = WAYS.map((way) => ({ runs: RUNS, measure: () => errorsUs(routers, way) }));
  const all = (await inTurn(turns)).map((runs) => runs.flat());
  const theirs = quantile(all[1] ?? [], 0.99);
  return WAYS.map(({ tool }, index) => {
    const errors = all[index] ?? [];
    const p99 = quantile(errors, 0.99);
    const us = (value: number): string => `${value.toFixed(1)} us`;
    const cells = [what, tool.name, String(errors.length), us(median(errors)), us(p99)];
    return index > 0
      ? [...cells, '', '']
      : [...cells, `<= ${(2 * theirs).toFixed(1)}`, verdict(p99, 2 * theirs)];
  });
}

const routers = openRouters(3);
const rows: string[][] = [];
try {
  rows.push(...(await measure('quiet', routers)));
  await routers.start('dst', SINK, []);
  await routers.start('src', SOURCE, [routers.destination[4], String(TCP_OCTETS_A_SECOND)]);
  rows.push(...(await measure('1 Gbit/s of TCP', routers)));
} finally {
  routers.close();
}
const flooded = openRouters(3);
try {
  const args = [
    '--import',
    import.meta.resolve('tsx'),
    FLOODER,
    STRANGER,
    flooded.source[4],
    String(ICMP_A_SECOND),
  ];
  const flooder = spawnIn(flooded.namespaceOf('r1'), process.execPath, args, { stdin: 'pipe' });
  await sees(flooder, 'stdout', 'flooding');
  const counted = ended(flooder);
  rows.push(...(await measure('10^5 ICMP errors a second', flooded)));
  flooder.stdin?.end();
  const [sent = 0, seconds = 1] = (await counted).stdout.split('\n').at(-2)?.split(' ').map(Number) ?? [];
  process.stdout.write(`${Math.round(sent / seconds)} foreign errors a second were sent\n`);
} finally {
  flooded.close();
}
const head = ['beside', 'tool', 'compared', 'median error', 'p99', 'goal', 'reached'];
process.stdout.write(`${tableText({ head, rows })}\n`);
