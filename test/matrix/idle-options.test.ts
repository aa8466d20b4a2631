/** Covers options beside --matrix: none is taken and then ignored. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bsdOptions } from '../../src/dialects/bsd-options.ts';
import { bsdIdle, tcptracerouteIdle } from '../../src/dialects/matrix-idle.ts';
import { optionName } from '../../src/dialects/option-table.ts';
import { tcptracerouteOptions } from '../../src/dialects/tcptraceroute-options.ts';
import { tcptraceroute, traceroute } from '../dialects/run-command.ts';
import { SHOP } from './shop.ts';

/** The options that a matrix heeds, or that have done nothing from the start: each a choice of this list. */
const HEEDED = {
  traceroute: [
    ...['-q', '-F', '-t', '-x', '-d', '-f', '-M', '-m', '-g', '-i', '-s', '-r', '-z', '-n', '-4', '-6'],
    ...['--parallel', '--fast', '--gap', '--flow-label', '--mark', '--transport', '--nat64'],
    ...['--no-dnat', '--no-dnat-strict', '--json', '--matrix', '--flows', '--explain', '--rules'],
    ...['--completion', '--help', '--version'],
  ],
  tcptraceroute: [
    ...[
      '-F',
      '-l',
      '-q',
      '-t',
      '-p',
      '-P',
      '-f',
      '-m',
      '-i',
      '-s',
      '-w',
      '-n',
      '-N',
      '-d',
      '-h',
      '-v',
      '-4',
      '-6',
    ],
    ...[
      '--track-id',
      '--track-ipid',
      '--parallel',
      '--fast',
      '--gap',
      '--flow-label',
      '--mark',
      '--transport',
    ],
    ...['--nat64', '--no-dnat', '--no-dnat-strict', '--json', '--matrix', '--flows', '--explain', '--rules'],
    ...['--completion', '--help', '--version'],
  ],
};

const BSD = [
  ['-p 443', '-p 443: the probes of --matrix name their own ports (write tcp/443 or udp/443)'],
  ['-P tcp', '-P tcp: the probes of --matrix name their own protocols (write --matrix tcp/PORT)'],
  ['-P gre', '-P gre: the probes of --matrix name their own protocols (write --matrix gre)'],
  ['-I', '-I: the probes of --matrix name their own protocols (write --matrix icmp)'],
  ['-e', '-e: the probes of --matrix keep their ports anyway (leave it out)'],
  ['-nE', '-E: a matrix does not show what becomes of the ECN field (trace one probe alone)'],
  ['-D', '-D: a matrix does not show octets (trace one probe alone)'],
  ['-S', '-S: a matrix tells no loss (its verdicts allow for it; trace one probe alone)'],
  ['-v', '-v: a matrix does not show other ICMP (trace one probe alone)'],
  ['-a', '-a: a matrix does not show AS numbers (trace one probe alone)'],
  ['-A 192.0.2.1', '-A 192.0.2.1: a matrix does not show AS numbers (trace one probe alone)'],
  ['-w 5,3,10', '-w 5,3,10: a matrix waits as long as all its probes ask for, or exactly (write -w 5)'],
  ['--dnat', '--dnat: a matrix does not show rewritten destinations (trace one probe alone)'],
  [
    '--extensions',
    '--extensions: a matrix does not show what routers add to their answers (trace one probe alone)',
  ],
] as const;

const TCP = [
  ['-A', '-A: the probes of --matrix name their own control bits (write tcp/443:ack)'],
  ['-S', '-S: the probes of --matrix name their own control bits (tcp/443 sends SYN)'],
  ['-E', '-E: the probes of --matrix name their own control bits (write tcp/443:syn+ecn)'],
  ['--track-port', '--track-port: each probe of --matrix keeps one source port (--flows N takes several)'],
] as const;

describe('beside --matrix', () => {
  for (const [option, message] of BSD) {
    it(`traceroute ${option} is refused, with what to write in its place`, async () => {
      const { err, out, status, probes } = await traceroute(`${option} --matrix icmp 198.51.100.7`, {
        path: SHOP,
      });
      assert.deepEqual([err, out, status, probes.length], [`traceroute: ${message}\n`, '', 1, 0]);
    });
  }
  for (const [option, message] of TCP) {
    it(`tcptraceroute ${option} is refused, with what to write in its place`, async () => {
      const { err, status } = await tcptraceroute(`--matrix icmp ${option} 198.51.100.7`, { path: SHOP });
      assert.deepEqual([err, status], [`${message}\n`, 1]);
    });
  }

  it('every other option is heeded', () => {
    const all = (idle: object, heeded: readonly string[]) => [...Object.keys(idle), ...heeded].sort();
    assert.deepEqual(all(bsdIdle(), HEEDED.traceroute), bsdOptions.map(optionName).sort());
    assert.deepEqual(
      all(tcptracerouteIdle(), HEEDED.tcptraceroute),
      tcptracerouteOptions.map(optionName).sort(),
    );
  });
});
