/** Probes of one flow: what load balancers hash stays, and yet each reply is known. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probeTypes } from '../../probes/index.ts';
import { sctp } from '../../probes/sctp.ts';
import { udp } from '../../probes/udp.ts';
import { udplite } from '../../probes/udplite.ts';
import { identificationOf, type Flow } from '../../src/model/flow.ts';
import type { ProbeType } from '../../src/engine/probe-type.ts';
import type { Family } from '../../src/model/address.ts';
import { encodeUdp } from '../../src/wire/udp.ts';
import { WireError } from '../../src/wire/wire-error.ts';
import { checksumIsRight } from '../sim/transport-checksum.ts';
import { embedded } from '../support/hex.ts';
import { buildProbe, flowOf } from './probe-flow.ts';

const types: readonly ProbeType[] = probeTypes;
const SEQUENCES = [1, 2, 300, 765, 32768, 65535];
/** No trace sends more probes: 255 hops of 3. */
const LAST_SENT = 765;
/** What balancers hash beyond addresses and protocol: ports, or what stands in their place. */
const HASHED_LENGTH = 4;

const parisOf = (family: Family, changes: Partial<Flow> = {}) =>
  flowOf(family, { paris: true, fixedPort: true, port: 4242, ...changes });
const identified = (flow: Flow, sequence: number) =>
  flow.family === 4 ? identificationOf(flow, sequence) : undefined;

/** Octets behind the IP header in a matrix, unless a probe type's own header or its traits say otherwise. */
const MATRIX_REST = 20;
/** So many octets more than a matrix sends; of every type's unit of length. */
const MORE = 12;

/** What a matrix fills a type's probes with, in octets, and a longer one. */
function payloadsOf({ traits, minimumLength, headerLength }: ProbeType): readonly number[] {
  const usual = traits.matrixPayload ?? Math.max(minimumLength, MATRIX_REST) - headerLength;
  return [usual, usual + MORE];
}

/** Probe types that can keep a Paris flow, and the payload that each is given. */
const CASES = types
  .filter(({ parisFamilies }) => parisFamilies !== undefined)
  .flatMap((type) => payloadsOf(type).map((payload) => [type, payload] as const));

describe('a Paris flow', () => {
  for (const [type, payload] of CASES) {
    for (const family of type.parisFamilies ?? []) {
      const title = `${type.name} with ${payload} octets, IPv${family}`;
      it(`keeps what balancers hash: ${title}`, () => {
        const flow = parisOf(family);
        const hashed = SEQUENCES.map((sequence) =>
          buildProbe(type, flow, sequence, payload).subarray(0, HASHED_LENGTH).join(),
        );
        assert.equal(new Set(hashed).size, 1);
      });

      it(`knows each probe by its quote: ${title}`, () => {
        const flow = parisOf(family);
        for (const sequence of SEQUENCES) {
          const quoted = embedded(buildProbe(type, flow, sequence, payload));
          assert.deepEqual(type.identifyQuoted(quoted, flow, identified(flow, sequence)), { sequence });
        }
      });

      it(`has right checksums: ${title}`, () => {
        const flow = parisOf(family);
        for (const sequence of SEQUENCES) {
          const built = buildProbe(type, flow, sequence, payload);
          assert.notEqual(checksumIsRight(flow, type.ipProtocol(family, flow.protocol), built), false);
        }
      });

      it(`leaves the probes of another flow alone: ${title}`, () => {
        const flow = parisOf(family);
        const other = parisOf(family, { ident: 0x1234, initialSequence: 0x7654_3210 });
        const quoted = buildProbe(type, other, 5, payload);
        const match = type.identifyQuoted(quoted, flow, identified(other, 5));
        // numbers that count on from the ident: another flow's is far off
        assert.ok(match === undefined || match.sequence > LAST_SENT, JSON.stringify(match));
      });
    }
  }

  for (const type of [udp, udplite, sctp]) {
    it(`knows ${type.name} by the identification where 8 octets are quoted, and not without`, () => {
      const flow = parisOf(4);
      const quoted = buildProbe(type, flow, 7, 20).subarray(0, 8);
      assert.deepEqual(type.identifyQuoted(quoted, flow, identified(flow, 7)), { sequence: 7 });
      assert.equal(type.identifyQuoted(quoted, flow), undefined);
    });

    it(`tells the port that ${type.name} was translated to`, () => {
      const flow = parisOf(4);
      const quoted = buildProbe(type, { ...flow, port: 5353 }, 7, 20);
      const match = type.identifyQuoted(quoted, flow, identified(flow, 7));
      assert.deepEqual(match, { sequence: 7, translatedPort: 5353 });
    });
  }

  it('has an empty payload over IPv4, and over IPv6 the two octets that tell probes apart', () => {
    assert.equal(buildProbe(udp, parisOf(4), 1, 0).length, 8);
    assert.equal(buildProbe(udp, parisOf(6), 1, 0).length, 10);
  });

  it('refuses a quote over IPv6 that ends before what tells', () => {
    const flow = parisOf(6);
    assert.throws(() => udp.identifyQuoted(buildProbe(udp, flow, 1, 0).subarray(0, 8), flow), WireError);
  });

  for (const type of [udp, udplite]) {
    it(`knows an answer over ${type.name}, though not to which probe`, () => {
      const flow = parisOf(4);
      const answer = (sourcePort: number, destinationPort: number) =>
        encodeUdp({ sourcePort, destinationPort, lengthOrCoverage: 8, checksum: 0 }, new Uint8Array(3));
      assert.deepEqual(type.identifyDirect?.(answer(4242, flow.ident), flow), {});
      assert.equal(type.identifyDirect(answer(4243, flow.ident), flow), undefined);
      assert.equal(type.identifyDirect(answer(4242, flow.ident + 1), flow), undefined);
    });
  }
});
