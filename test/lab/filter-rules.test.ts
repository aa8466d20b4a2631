/** Covers the nftables rules of --matrix over a kernel that drops all else: what they let pass, and what they do not. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { anyProtocol, probeTypes, type ProbeType } from '../../probes/index.ts';
import type { Family } from '../../src/model/address.ts';
import { labMissing } from './lab.ts';
import { Pool } from './pool.ts';
import { openRouters } from './routers.ts';
import { dropAllBut, FILTER_HOP, rulesFor, verdictsOn } from './rule-lab.ts';

/** Nothing listens there, so the target answers any segment that asks for an answer. */
const PORT = 8080;
/** Combinations that the target answers. The one that opens a connection as it should comes first. */
const FLAGS = ['syn', 'ack', 'fin', 'null', 'syn+ack', 'syn+ecn', 'syn+fin', 'fin+psh+urg', 'ack+psh'];

/** A probe, and others that differ from it in one thing alone. */
interface Case {
  readonly spec: string;
  readonly misses: readonly string[];
}

/** The rule for a SYN is for all of the connection that it asks for, whatever the flags. */
function flagCase(name: string, flags: string): Case {
  const otherFlag = flags === 'syn' ? [] : [`${name}/${PORT}:${flags === 'null' ? 'psh' : `${flags}+rst`}`];
  return { spec: `${name}/${PORT}:${flags}`, misses: [`${name}/${PORT + 1}:${flags}`, ...otherFlag] };
}

function casesOf({ name, traits }: ProbeType): readonly Case[] {
  if (name === anyProtocol.name) return [{ spec: '89', misses: ['90'] }];
  if (traits.flags) return FLAGS.map((flags) => flagCase(name, flags));
  if (traits.hasPorts) return [{ spec: `${name}/${PORT}`, misses: [`${name}/${PORT + 1}`] }];
  return [{ spec: name, misses: ['89'] }];
}

function triedOver(family: Family): readonly Case[] {
  return cases.filter((_, index) => index % EVERY[family] === 0);
}

/** Over IPv6 one case of three is tried alone: the words of the rules are the same, and each takes seconds. */
const EVERY = { 4: 1, 6: 3 } as const;
/** So many chains of routers side by side: a matrix waits for what is dropped. */
const CHAINS = 4;

const types: readonly ProbeType[] = probeTypes;
const cases = types.flatMap(casesOf);

describe('the nftables rule of a matrix', { skip: labMissing() ?? false, concurrency: CHAINS }, () => {
  const chains = new Pool(() => openRouters(3));
  const tried = { 4: triedOver(4), 6: triedOver(6) };
  const told: Record<Family, readonly string[]> = { 4: [], 6: [] };
  before(async () => {
    await chains.open(CHAINS);
    for (const family of [4, 6] as const) {
      const specs = tried[family].map(({ spec }) => spec);
      told[family] = await chains.with((routers) => rulesFor(routers, family, specs));
    }
  });
  after(() => {
    chains.close();
  });

  for (const family of [4, 6] as const) {
    for (const [index, { spec, misses }] of tried[family].entries()) {
      it(`for ${spec} lets it and its answers pass over IPv${family}, and nothing like it`, async () => {
        const [verdict, ...others] = await chains.with((routers) => {
          dropAllBut(routers, [told[family][index] ?? '']);
          return verdictsOn(routers, family, [spec, ...misses]);
        });
        assert.ok(verdict && ['closed', 'reached'].includes(verdict.state), `it is ${verdict?.state}`);
        for (const { probe, state, after: last } of others) {
          assert.deepEqual([state, last?.ttl], ['dropped', FILTER_HOP], probe);
        }
      });
    }
  }
});
