/**
 * `npm run bench:waits` runs over 500 seeded paths. It counts the replies that the waits of Linux traceroute would have shown
 * and ours lose, and tells how much sooner our runs end. Then it measures both over networks where waits have a reason.
 */
import { TRACEROUTE_PORT } from '../../probes/port-pair.ts';
import type { ReceivedDatagram } from '../../src/ports/transport.ts';
import { main } from '../../src/main.ts';
import { decodeIcmp } from '../../src/wire/icmpv4.ts';
import { decodeIpv4 } from '../../src/wire/ipv4.ts';
import { decodeQuotedDatagram } from '../../src/wire/quoted-datagram.ts';
import { decodeUdp } from '../../src/wire/udp.ts';
import type { HopFormat, PathFormat } from '../sim/path-format.ts';
import { seededRandom } from '../sim/random.ts';
import { SimWorld } from '../sim/sim-world.ts';
import { median } from './measure.ts';
import { TARGET } from './paths.ts';
import { againstLinux } from './waits-peers.ts';
import { labMissing } from '../lab/lab.ts';

const PATHS = 500;
/** Defaults of Linux traceroute: `-w 5,3,10`, and the time that it adds to an RTT. */
const LINUX = { maxMs: 5000, hereFactor: 3, nearFactor: 10, graceMs: 1 };

/** A slow router answers later than it forwards, by nothing or by 9 times one of these. */
type Slowness = 'none' | 'own share' | 'whole way';

interface Probe {
  readonly ttl: number;
  readonly sentMs: number;
  /** When the reply came, shown or not; undefined when there was none. */
  readonly arrivedMs: number | undefined;
  readonly shown: boolean;
}

function pathOf(seed: number, slowness: Slowness): PathFormat {
  const random = seededRandom(seed);
  const length = 4 + Math.floor(random() * 20);
  const farthestMs = 10 ** (1 + random() * 1.9); // 10 to 800 ms, most paths short
  const steps = Array.from({ length: length + 1 }, () => random() ** 3);
  const sum = steps.reduce((total, step) => total + step, 0);
  let awayMs = 0;
  const loss = random() * 0.1;
  const hops = Array.from({ length }, (_, index): HopFormat => {
    const shareMs = ((steps[index] ?? 0) / sum) * farthestMs;
    awayMs += shareMs;
    const isSlow = slowness !== 'none' && random() < 0.15;
    const slowMs = slowness === 'own share' ? awayMs + 9 * shareMs : awayMs * 10;
    return {
      addr: `10.${index + 1}.0.1`,
      delay: isSlow ? slowMs : awayMs,
      jitter: random() * 0.2 * awayMs,
      loss,
      ...(random() < 0.1 ? { silent: true } : {}),
    };
  });
  return { src: '10.0.0.1', hops, dst: { addr: TARGET, delay: farthestMs } };
}

/** True where a program with the waits of Linux traceroute still waits when the reply to `probe` comes. */
function linuxShows(probe: Probe, probes: readonly Probe[]): boolean {
  const { arrivedMs, sentMs, ttl } = probe;
  if (arrivedMs === undefined) return false;
  if (arrivedMs - sentMs >= LINUX.maxMs) return false;
  const known = probes.filter((other) => other !== probe && other.ttl >= ttl && other.shown);
  return known.every((other) => {
    const factor = other.ttl === ttl ? LINUX.hereFactor : LINUX.nearFactor;
    const waitMs = ((other.arrivedMs ?? 0) - other.sentMs + LINUX.graceMs) * factor;
    // the other reply shortens the wait only once it is there
    return arrivedMs <= Math.max(other.arrivedMs ?? 0, sentMs + waitMs);
  });
}

/** Reads from a reply which probe it quotes, by the port that the probe was sent to. */
function sequenceOf(octets: Uint8Array): number {
  const { message } = openIpv4(octets);
  const { transport } = decodeQuotedDatagram(4, decodeIcmp(message).body);
  return decodeUdp(transport).destinationPort - TRACEROUTE_PORT;
}

function openIpv4(octets: Uint8Array): { message: Uint8Array } {
  return { message: octets.subarray(decodeIpv4(octets).headerLength) };
}

/** Runs a trace, and then waits for all that is still under way. */
async function run(path: PathFormat, seed: number): Promise<{ probes: Probe[]; endMs: number }> {
  const arrivedMs = new Map<number, number>();
  const note = (datagrams: readonly ReceivedDatagram[]): readonly ReceivedDatagram[] => {
    for (const { octets, atMs } of datagrams) arrivedMs.set(sequenceOf(octets), atMs);
    return datagrams;
  };
  const world = new SimWorld(path, {
    seed,
    wrap: (inner) => ({
      name: inner.name,
      send: (datagram) => inner.send(datagram),
      receive: () => note(inner.receive()),
      onReadable: (callback) => {
        inner.onReadable(callback);
      },
      close: () => {
        inner.onReadable(() => note(inner.receive()));
      },
    }),
  });
  await world.clock.run(main('traceroute', 'traceroute', ['-n', '--json', TARGET], world));
  const endMs = world.clock.nowMs();
  await world.clock.run(new Promise<void>((resolve) => world.clock.schedule(endMs + 60_000, resolve)));
  const { trace } = JSON.parse(world.out) as Document; // our own form
  const sent = world.transport?.sent ?? [];
  const probes = trace.hops
    .flatMap((hop) => hop.probes.map((probe) => ({ ttl: hop.ttl, shown: probe !== null })))
    .map(({ ttl, shown }, index) => ({
      ttl,
      shown,
      sentMs: sent[index]?.atMs ?? 0,
      arrivedMs: arrivedMs.get(index + 1),
    }));
  return { probes, endMs };
}

interface Document {
  readonly trace: {
    readonly hops: readonly { readonly ttl: number; readonly probes: readonly (object | null)[] }[];
  };
}

console.log(
  'routers answer slower than they forward by   replies   lost to us   paths with a loss   median end',
);
for (const slowness of ['none', 'own share', 'whole way'] as const) {
  let replies = 0;
  let lost = 0;
  let paths = 0;
  const ends: number[] = [];
  for (let seed = 1; seed <= PATHS; seed++) {
    const { probes, endMs } = await run(pathOf(seed, slowness), seed);
    const shownByLinux = probes.filter((probe) => linuxShows(probe, probes));
    const missed = shownByLinux.filter(({ shown }) => !shown).length;
    replies += shownByLinux.length;
    lost += missed;
    if (missed > 0) paths++;
    ends.push(endMs);
  }
  const cells = [replies, lost, paths, `${median(ends).toFixed(0)} ms`].map((cell) =>
    String(cell).padStart(12),
  );
  console.log((slowness === 'none' ? 'nothing' : `9 times their ${slowness}`).padEnd(40), cells.join('   '));
}

const missing = labMissing();
if (missing === undefined) await againstLinux();
else console.log(`\n${missing}`);
