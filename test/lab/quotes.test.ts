/** Covers odd quotes and extensions in ICMP errors over real packets, as root and without, beside Linux traceroute. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { peer } from '../bench/tools.ts';
import { normalise } from '../sim/normalise.ts';
import type { HopFormat, PathFormat } from '../sim/path-format.ts';
import { labMissing, openLab, type Lab } from './lab.ts';
import { commandOf } from './replay-case.ts';

const TARGET = { 4: '10.99.0.1', 6: 'fd99::1' } as const;
const ROUTER = { 4: '10.1.0.1', 6: 'fd01::1' } as const;
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all'];

const mpls = [[16004, 0, 0, 1] as const, [16, 5, 1, 254] as const];
const LABELS = '<MPLS:L=16004,E=0,S=0,T=1/L=16,E=5,S=1,T=254>';
/** Incoming interface: ifIndex 4, its name, MTU 1500. RFC 5837 section 4 */
const eth1 = [2, 0x0b, '00000004' + '0865746831000000' + '000005dc'] as const;
const INTERFACE = '<INC:4,"eth1",mtu=1500>';

interface Case {
  readonly name: string;
  readonly hop: Partial<HopFormat>;
  /** What the hop's line has after the address. */
  readonly shown?: string;
  /** False where Linux traceroute 2.1.2 does not show the same: it does not know RFC 5837, nor a rewritten source. */
  readonly isLinuxs?: boolean;
  /** False where the error of a plain socket does not carry it, or the kernel finds no socket for it. */
  readonly isPlain?: boolean;
}

const CASES: readonly Case[] = [
  { name: 'labels', hop: { mpls }, shown: LABELS },
  { name: 'labels behind the length octet of the bare quote', hop: { mpls, mplslen: 7 }, shown: LABELS },
  { name: 'labels behind a length octet of nothing', hop: { mpls, mplslen: 0 }, shown: LABELS },
  { name: 'labels without a checksum', hop: { mpls, unsummed: true }, shown: LABELS },
  { name: 'an interface', hop: { objects: [eth1] }, shown: INTERFACE, isLinuxs: false },
  {
    name: 'labels and an interface',
    hop: { mpls, objects: [eth1] },
    shown: `${LABELS.slice(0, -1)};${INTERFACE.slice(1)}`,
    isLinuxs: false,
  },
  {
    name: 'an object of nobody',
    hop: { objects: [[200, 7, 'deadbeef00000001']] },
    shown: '<200/7:deadbeef,00000001>',
  },
  { name: 'a quote padded with zeros', hop: { quote_pad: 128 } },
  { name: 'a quote of eight octets and zeros', hop: { quote: 28, quote_pad: 128 } },
  { name: 'another source in the quote', hop: { quote_src: '192.0.2.77' }, isLinuxs: false, isPlain: false },
];

function pathOf(hop: Partial<HopFormat>): PathFormat {
  return {
    src: '10.0.0.1',
    src6: 'fd00::1',
    hops: [{ addr: ROUTER[4], addr6: ROUTER[6], delay: 4, ...hop }],
    dst: { addr: TARGET[4], addr6: TARGET[6], delay: 8, tcp_default: 'open' },
  };
}

const missing = labMissing();
const linux = peer('traceroute');

describe('errors with odd quotes over real packets', { skip: missing ?? false }, () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
  });
  after(() => {
    lab.close();
  });

  /** The line of the first hop. */
  async function firstHop(hop: Partial<HopFormat>, argv: readonly string[]): Promise<string> {
    await lab.take(pathOf(hop));
    const { stdout } = await lab.run('env', argv);
    return normalise(stdout.split('\n').find((line) => line.startsWith(' 1 ')) ?? '');
  }

  const ours = [process.execPath, commandOf('traceroute'), '-n', '-q1', '--extensions'];

  for (const { name, hop, shown, isLinuxs = true, isPlain = true } of CASES) {
    const families =
      hop.quote_src === undefined && hop.quote === undefined ? ([4, 6] as const) : ([4] as const);
    for (const family of families) {
      const line = ` 1  ${[ROUTER[family], ...(shown === undefined ? [] : [shown])].join(' ')}  <rtt> ms`;
      for (const probe of ['udp', 'tcp', 'icmp', 'sctp']) {
        it(`are read by traceroute -P ${probe}, IPv${family}: ${name}`, async () => {
          assert.equal(await firstHop(hop, [...ours, '-P', probe, TARGET[family]]), line);
        });
      }
      if (isPlain) {
        it(`are read without root, IPv${family}: ${name}`, async () => {
          assert.equal(await firstHop(hop, [...AS_NOBODY, ...ours, TARGET[family]]), line);
        });
      }
      const skip = linux ? false : 'Linux traceroute is not installed (apt-get install traceroute)';
      if (isLinuxs) {
        it(`are read as Linux traceroute -e does, IPv${family}: ${name}`, { skip }, async () => {
          const argv = [linux?.command ?? '', '-n', '-q1', '-N1', '-e', TARGET[family]];
          assert.equal(await firstHop(hop, argv), line);
        });
      }
    }
  }
});
