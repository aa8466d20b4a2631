/** Covers the nftables rules of --matrix over a kernel that drops all else: what they let pass, and what they do not. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { anyProtocol, probeTypes, type ProbeType } from '../../probes/index.ts';
import { labMissing } from './lab.ts';
import { openRouters, type Routers } from './routers.ts';
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

/** Over IPv6 one case of three is tried alone: the words of the rules are the same, and each takes seconds. */
const EVERY = { 4: 1, 6: 3 } as const;

const types: readonly ProbeType[] = probeTypes;
const cases = types.flatMap(casesOf);

describe('the nftables rules of a matrix', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(() => {
    routers = openRouters(3);
  });
  after(() => {
    routers.close();
  });

  for (const family of [4, 6] as const) {
    it(`let each probe and its answers pass over IPv${family}, one at a time, and nothing like it`, async () => {
      const tried = cases.filter((_, index) => index % EVERY[family] === 0);
      const told = await rulesFor(
        routers,
        family,
        tried.map(({ spec }) => spec),
      );
      for (const [index, { spec, misses }] of tried.entries()) {
        dropAllBut(routers, [told[index] ?? '']);
        const [verdict, ...others] = await verdictsOn(routers, family, [spec, ...misses]);
        assert.ok(verdict && ['closed', 'reached'].includes(verdict.state), `${spec} is ${verdict?.state}`);
        for (const { probe, state, after: last } of others) {
          assert.deepEqual(
            [state, last?.ttl],
            ['dropped', FILTER_HOP],
            `${probe} behind the rule of ${spec}`,
          );
        }
      }
    });
  }
});
