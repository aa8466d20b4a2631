/** Probe types that nobody knows but the registry: they are judged and explained by their traits alone. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BY_NUMBER_EVERYWHERE } from '../../probes/filter-words.ts';
import { anyProtocol, probeTypes, type ProbeType } from '../../probes/index.ts';
import { dnsQuery } from '../../probes/payload/dns.ts';
import { answersPorts, buildDatagram, matchPorts, TRACEROUTE_PORT } from '../../probes/port-pair.ts';
import { udp } from '../../probes/udp.ts';
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
import { UDP_HEADER_LENGTH } from '../../src/wire/udp.ts';
import { traceroute } from '../dialects/run-command.ts';
import type { PathFormat } from '../sim/path-format.ts';
import { complaintOfNft, whyNoNft } from './nft.ts';

/** DNS questions over UDP, each from a source port of its own. */
const dns: ProbeType = {
  name: 'dns',
  summary: 'DNS questions for the root, answered by name servers',
  headerLength: UDP_HEADER_LENGTH,
  minimumLength: UDP_HEADER_LENGTH,
  lengthUnit: 1,
  defaultPort: 53,
  traits: udp.traits,
  fieldKey: 'spt dpt len sum',
  ipProtocol: () => IP_PROTOCOL.udp,
  build: (probe, flow) =>
    buildDatagram(probe, flow, dnsQuery.octets, {
      protocol: IP_PROTOCOL.udp,
      lengthOrCoverage: UDP_HEADER_LENGTH + dnsQuery.octets.length,
    }),
  identifyQuoted: (octets, flow) => matchPorts(octets, flow),
  identifyDirect: answersPorts,
};

/** A protocol with ports that no filter has a name for. RFC 3692 section 2.1. */
const nameless: ProbeType = {
  ...dns,
  name: 'nameless',
  defaultPort: TRACEROUTE_PORT,
  traits: { ...anyProtocol.traits, hasPorts: true, filters: BY_NUMBER_EVERYWHERE },
  ipProtocol: () => 253,
};

const HOPS = [1, 2, 3].map((hop) => ({ addr: `10.0.${hop}.1`, delay: hop }));
const PATH = {
  src: '192.0.2.20',
  hops: HOPS,
  dst: { addr: '198.51.100.7', delay: 4, udp: { 53: 'closed' } },
} as const satisfies PathFormat;

/** What a matrix prints below its table, with one space in place of several. */
async function verdicts(line: string, path: PathFormat = PATH): Promise<string[]> {
  const { out } = await traceroute(`-n ${line} ${PATH.dst.addr}`, { path });
  const [, below = ''] = out.split('\n\n');
  return below
    .trimEnd()
    .split('\n')
    .map((text) => text.replace(/ +/g, ' '));
}

describe('probe types that nobody knows but the registry', () => {
  const registry = probeTypes as unknown as ProbeType[]; // a list like any other while it runs
  const count = registry.length;
  before(() => registry.splice(count - 1, 0, dns, nameless));
  after(() => registry.splice(count - 1, 2));

  it('are judged closed over UDP exactly as udp is', async () => {
    const [first = '', second = ''] = await verdicts('--matrix dns,udp/53');
    assert.match(first, /^dns closed port unreachable from the target at hop 4 \(high confidence\)$/);
    assert.equal(second, first.replace('dns', 'udp/53'));
  });

  it('are explained in the words that filters have for their protocol', async () => {
    const path = { ...PATH, hops: HOPS.map((hop, at) => (at === 1 ? { ...hop, drop: 'udp' } : hop)) };
    const lines = await verdicts('--explain --matrix dns,udp/53,icmp', path);
    const rules = lines.filter((line) => line.startsWith(' nftables: '));
    const [probe, answers, ...same] = rules;
    assert.match(probe ?? '', /daddr 198\.51\.100\.7 udp dport 53 accept$/);
    assert.match(answers ?? '', / ct state established,related accept comment "answers"$/);
    assert.deepEqual(same, [probe, answers]);
  });

  describe('and whose protocol has ports, but no name', () => {
    const path = { ...PATH, hops: HOPS.map((hop, at) => (at === 1 ? { ...hop, drop: 'proto:253' } : hop)) };
    const rules = async () => {
      const lines = await verdicts('--explain --matrix nameless,udp,icmp', path);
      return lines.flatMap((line) => /^ (?:nftables|pf): (.*)$/.exec(line)?.[1] ?? []);
    };

    it('keep the port in the rule of nftables, by its octets', async () => {
      const addresses = 'ip saddr 192.0.2.20 ip daddr 198.51.100.7';
      assert.deepEqual(await rules(), [
        `${addresses} meta l4proto 253 @th,16,16 33434 accept`,
        'ip daddr 192.0.2.20 ct state established,related accept comment "answers"',
        'pass quick inet proto 253 from 192.0.2.20 to 198.51.100.7',
      ]);
    });

    it('have a rule that nft takes', { skip: whyNoNft() }, async () => {
      const [rule = ''] = await rules();
      assert.equal(complaintOfNft(rule), '');
    });
  });
});
