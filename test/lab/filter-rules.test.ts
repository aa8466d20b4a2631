/** Covers the nftables rules of --matrix over a kernel that drops all else: what they let pass, and what they do not. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { anyProtocol, probeTypes, type ProbeType } from '../../probes/index.ts';
import { packetFlags, specsOfAllFlags } from './flag-specs.ts';
import { labMissing } from './lab.ts';
import { openRouters, type Routers } from './routers.ts';

const SCRIPT = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
/** Nothing listens there, so the target answers any segment that asks for an answer. */
const PORT = 8080;
/** A matrix takes up to so many columns. */
const MOST_COLUMNS = 32;

interface Verdict {
  readonly probe: string;
  readonly state: string;
  readonly after: { readonly ttl: number } | null;
  readonly rules: { readonly nft: string } | null;
}

/** A probe, and others that differ from it in one thing alone. */
interface Case {
  readonly spec: string;
  readonly misses: readonly string[];
}

const types: readonly ProbeType[] = probeTypes;

/** Each registered probe with the flags that filters look at: its near misses have another port, or another flag. */
const cases: readonly Case[] = types.flatMap(({ name, traits, defaultPort }) => {
  if (name === anyProtocol.name) return [{ spec: '89', misses: ['90'] }];
  if (traits.flags) {
    return ['syn', 'ack', 'fin', 'null', 'syn+ack', 'syn+ecn', 'syn+fin', 'fin+psh+urg', 'ack+psh'].map(
      (flags) => {
        const spec = `${name}/${PORT}:${flags}`;
        // the rule for a SYN is for all of the connection that it asks for
        const otherFlag = flags === 'syn' ? [] : [`${spec}+rst`.replace('null+', '')];
        return { spec, misses: [`${name}/${PORT + 1}:${flags}`, ...otherFlag] };
      },
    );
  }
  if (traits.hasPorts) return [{ spec: `${name}/${PORT}`, misses: [`${name}/${PORT + 1}`] }];
  return [{ spec: name, misses: [defaultPort === 0 ? '89' : 'icmp'] }];
});

const base = (rules: readonly string[]): string => `table inet filter {
  chain forward {
    type filter hook forward priority 0; policy drop
    ${rules.join('\n')}
  }
}
`;

describe('the nftables rules of a matrix', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(() => {
    routers = openRouters(3);
  });
  afterEach(() => {
    routers.nft('r2', 'flush ruleset');
  });
  after(() => {
    routers.close();
  });

  const verdictsOn = async (
    specs: readonly string[],
    family: 4 | 6,
    ...more: readonly string[]
  ): Promise<readonly Verdict[]> => {
    const argv = [
      SCRIPT,
      '-n',
      '-m',
      '5',
      '--json',
      ...more,
      '--matrix',
      specs.join(),
      routers.destination[family],
    ];
    const { stdout, stderr } = await routers.exec('src', process.execPath, argv);
    assert.equal(stderr, '');
    return (JSON.parse(stdout) as { matrix: { verdicts: readonly Verdict[] } }).matrix.verdicts; // what it prints
  };
  /** One probe for each hop, and no second try: what is dropped is dropped. */
  const SHORT = ['-q', '1', '-w', '0.4'];
  const isThrough = ({ after: last }: Verdict) => last === null || last.ttl > 2;
  /** The rules that a run behind a filter which drops everything tells. */
  const rulesFor = async (specs: readonly string[], family: 4 | 6): Promise<ReadonlyMap<string, string>> => {
    routers.nft('r2', base([]));
    const verdicts = await verdictsOn(specs, family, ...SHORT);
    assert.deepEqual(verdicts.filter(isThrough), []);
    routers.nft('r2', 'flush ruleset');
    return new Map(
      verdicts.map(({ probe, rules }) => [probe, rules?.nft ?? assert.fail(`no rule for ${probe}`)]),
    );
  };

  for (const family of [4, 6] as const) {
    it(`let each probe and its answers pass over IPv${family}, one at a time, and nothing like it`, async () => {
      const told = [
        ...(
          await rulesFor(
            cases.map(({ spec }) => spec),
            family,
          )
        ).values(),
      ];
      for (const [index, { spec, misses }] of cases.entries()) {
        routers.nft('r2', base([told[index] ?? '']));
        const [verdict, ...others] = await verdictsOn([spec, ...misses], family, ...SHORT);
        assert.ok(verdict && ['closed', 'reached'].includes(verdict.state), `${spec} is ${verdict?.state}`);
        for (const { probe, state, after: last } of others) {
          assert.deepEqual([state, last?.ttl], ['dropped', 2], `${probe} behind the rule of ${spec}`);
        }
        routers.nft('r2', 'flush ruleset');
      }
    });

    it(`match the segments of all 255 combinations of flags over IPv${family}, each its own alone`, async () => {
      const specs = specsOfAllFlags(PORT).filter((spec) => packetFlags(spec) !== packetFlags('tcp:syn'));
      const told = new Map<string, string>();
      for (let at = 0; at < specs.length; at += MOST_COLUMNS) {
        const some = await rulesFor(specs.slice(at, at + MOST_COLUMNS), family);
        for (const [probe, rules] of some) told.set(probe, rules.split('\n')[0] ?? '');
      }
      assert.equal(new Set(told.values()).size, 255);
      // each rule counts and goes on, so that all of them see all segments
      const counting = [...told.values()].map((rule) => rule.replace(/ accept$/, ' counter'));
      routers.nft('r2', base(counting));
      for (let at = 0; at < specs.length; at += MOST_COLUMNS) {
        await verdictsOn(specs.slice(at, at + MOST_COLUMNS), family, ...SHORT, '-f', '3', '-m', '3');
      }
      const counts = [...routers.rules('r2').matchAll(/counter packets (\d+)/g)].map(([, count]) =>
        Number(count),
      );
      assert.deepEqual(counts, Array<number>(255).fill(1));
    });
  }
});
