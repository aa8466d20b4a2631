/**
 * What every probe type must stand in a matrix and a trace: targets that are open, closed and silent, filters that reject
 * and drop, and the rule that is to let it pass. A new type in the registry is tested without a change here.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anyProtocol, probeTypes, type ProbeType } from '../../probes/index.ts';
import type { Family } from '../../src/model/address.ts';
import { isRejectAnswered } from '../sim/reject-sum.ts';
import type { HopFormat, HostFormat, PathFormat } from '../sim/path-format.ts';
import { traceroute } from '../dialects/run-command.ts';
import { complaintOfNft, whyNoNft } from './nft.ts';
import { buildProbe, flowOf, UNUSED_PROTOCOL } from './probe-flow.ts';
import { carrierOf } from './targets.ts';

const TARGET = { 4: '198.51.100.7', 6: '2001:db8:99::7' } as const;
/** Administratively prohibited. RFC 1812 section 5.2.7.1, RFC 4443 section 3.1. */
const PROHIBITED = { 4: 13, 6: 1 } as const;
const HOPS = 3;

/** A path of three routers to the target. `special` changes one of them, by its TTL. */
function pathTo(host: HostFormat, special: Readonly<Record<number, Partial<HopFormat>>> = {}): PathFormat {
  const hops = Array.from({ length: HOPS }, (_, index) => ({
    addr: `10.0.${index + 1}.1`,
    addr6: `2001:db8:${index + 1}::1`,
    delay: index + 1,
    ...special[index + 1],
  }));
  const dst = { ...host, addr: TARGET[4], addr6: TARGET[6], delay: HOPS + 1 };
  return { src: '192.0.2.20', src6: '2001:db8::20', hops, dst };
}

/** The specification of a type's probe, and two of other protocols that show where the path goes on. */
function columnsOf(type: ProbeType, family: Family): { spec: string; columns: string } {
  const protocol = type.ipProtocol(family, UNUSED_PROTOCOL);
  const others = probeTypes.filter((other) => other.ipProtocol(family, UNUSED_PROTOCOL) !== protocol);
  const spec = type === anyProtocol ? String(UNUSED_PROTOCOL) : type.name;
  const witnesses = others.slice(0, 2).map((other) => other.name);
  return { spec, columns: [spec, ...witnesses].join() };
}

function rejectIsAnswered(type: ProbeType, family: Family): boolean {
  const flow = flowOf(family);
  const protocol = type.ipProtocol(family, flow.protocol);
  return isRejectAnswered({ ...flow, protocol, transport: buildProbe(type, flow, 1) });
}

interface JsonVerdict {
  readonly probe: string;
  readonly state: string;
  readonly after: { readonly ttl: number } | null;
  readonly before: { readonly ttl: number } | null;
  readonly by: { readonly ttl: number } | null;
}

/** The verdict of a matrix on a type's probe over a path. */
async function verdictOn(type: ProbeType, family: Family, path: PathFormat): Promise<JsonVerdict> {
  const { spec, columns } = columnsOf(type, family);
  const { out } = await traceroute(`--json -n -m 8 --matrix ${columns} ${TARGET[family]}`, { path });
  const { matrix } = JSON.parse(out) as { matrix: { verdicts: readonly JsonVerdict[] } }; // what it prints
  return matrix.verdicts.find(({ probe }) => probe === spec) ?? assert.fail(`no verdict on ${spec}`);
}

/** Why one trace of a type over a path ended. */
async function stopOf(type: ProbeType, family: Family, path: PathFormat): Promise<string> {
  const { spec } = columnsOf(type, family);
  const { out } = await traceroute(`--json -n -e -q 1 -m 8 -P ${spec} ${TARGET[family]}`, { path });
  return (JSON.parse(out) as { trace: { stop: string } }).trace.stop; // as above
}

/** The rules that an explanation has for nftables: for the probe first, then for its answers. */
async function nftRulesOf(type: ProbeType, family: Family, path: PathFormat): Promise<readonly string[]> {
  const { spec, columns } = columnsOf(type, family);
  const { out } = await traceroute(`--explain -n -m 8 --matrix ${columns} ${TARGET[family]}`, { path });
  const [, explained = ''] = out.split(new RegExp(`^${spec} +dropped`, 'm'));
  const rules = [...explained.matchAll(/^ {4}nftables: (.*)$/gm)].map(([, rule = '']) => rule);
  return rules.length > 0 ? rules : assert.fail(`no rule in\n${out}`);
}

const noNft = whyNoNft();
const types: readonly ProbeType[] = probeTypes;

for (const type of types) {
  for (const family of [4, 6] as const) {
    const protocol = type.ipProtocol(family, UNUSED_PROTOCOL);
    const matcher = `proto:${protocol}`;
    const carrier = carrierOf(protocol);

    describe(`a matrix with the probe type ${type.name}, IPv${family}`, () => {
      for (const name of ['open', 'closed'] as const) {
        const target = carrier[name];
        const skip = 'none' in target ? target.none : false;
        it(`knows a target that is ${name}, and calls it reached`, { skip }, async () => {
          if ('none' in target) return;
          const path = pathTo(target.host);
          assert.equal((await verdictOn(type, family, path)).state, target.state);
          assert.equal(await stopOf(type, family, path), 'reached');
        });
      }

      it('knows a router that rejects the probe, and does not call the target reached', async () => {
        const path = pathTo({}, { 2: { reject: { [matcher]: PROHIBITED[family] } } });
        const { state, by } = await verdictOn(type, family, path);
        // Linux rejects in silence what has a sum of its own that is not the one it knows
        const isAnswered = rejectIsAnswered(type, family);
        assert.deepEqual([state, by?.ttl], isAnswered ? ['rejected', 2] : ['dropped', undefined]);
        assert.equal(await stopOf(type, family, path), isAnswered ? 'refused' : 'max-ttl');
      });

      it('knows where the probe is dropped, and does not call the target reached', async () => {
        const path = pathTo({}, { 2: { drop: matcher } });
        const { state, after, before } = await verdictOn(type, family, path);
        assert.deepEqual([state, after?.ttl, before?.ttl], ['dropped', 2, 3]);
        assert.equal(await stopOf(type, family, path), 'max-ttl');
      });

      it('knows a target that is mute, and does not call it reached', async () => {
        const path = pathTo({}, { [HOPS]: { drop: matcher } });
        const { state, after } = await verdictOn(type, family, path);
        assert.deepEqual([state, after?.ttl], ['silent', HOPS]);
        assert.equal(await stopOf(type, family, path), 'max-ttl');
      });

      const dropping = pathTo({}, { 2: { drop: matcher } });
      it('explains the rule that lets the probe pass, with its port where it has one', async () => {
        const [rule = ''] = await nftRulesOf(type, family, dropping);
        const ip = family === 4 ? 'ip' : 'ip6';
        const source = family === 4 ? '192.0.2.20' : '2001:db8::20';
        const start = `${ip} saddr ${source} ${ip} daddr ${TARGET[family]} `;
        assert.equal(rule.slice(0, start.length), start);
        const match = rule.slice(start.length).replace(/ accept$/, '');
        assert.match(match, carrier.nft(type.defaultPort));
        if (type.traits.hasPorts) assert.match(match, new RegExp(`\\b${type.defaultPort}$`));
      });

      it('explains rules that nft takes', { skip: noNft }, async () => {
        for (const rule of await nftRulesOf(type, family, dropping)) assert.equal(complaintOfNft(rule), '');
      });
    });
  }
}
