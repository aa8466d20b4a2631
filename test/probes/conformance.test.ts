/** What every probe type must stand. A new one in the registry is tested without a change here. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { probeTypes } from '../../probes/index.ts';
import type { Flow } from '../../src/model/flow.ts';
import type { ProbeType, QuotedMatch } from '../../src/engine/probe-type.ts';
import { equal } from '../../src/wire/bytes.ts';
import { WireError } from '../../src/wire/wire-error.ts';
import { checksumIsRight } from '../sim/transport-checksum.ts';
import { embedded } from '../support/hex.ts';
import { octets, uint16, uint32 } from '../wire/codec-checks.ts';
import { buildProbe, flowOf } from './probe-flow.ts';

interface Exceptions {
  /** Why the checksum is there though the flow asks for none. */
  readonly alwaysSummed?: string;
}

/** What a probe type may do otherwise, and why. */
const EXCEPTIONS: Readonly<Record<string, Exceptions>> = {
  icmp: { alwaysSummed: 'RFC 792 knows no message without a checksum, and BSD makes it whatever -x says' },
};

/** What RFC 792 guarantees of a transport header. */
const QUOTED_LENGTH = 8;
/** As many probes as the longest traces of the tests have: 255 hops of 3. */
const PROBES = 765;
const SEQUENCES = [1, 2, 3, 90, 255, 256, 765, 32767, 32768, 65534, 65535];
/** Port and sequence add up to more than 16 bits with most of them. */
const PORTS = [33434, 1, 443, 0x880b, 65535];

const sequences = fc.oneof(fc.constantFrom(...SEQUENCES), fc.integer({ min: 1, max: 65535 }));

/** Flows of one family that differ in all that tells flows apart. */
function flows(family: 4 | 6): fc.Arbitrary<Flow> {
  const fields = {
    ident: uint16,
    port: fc.oneof(fc.constantFrom(...PORTS), fc.integer({ min: 1, max: 0xffff })),
    fixedPort: fc.boolean(),
    portPerProbe: fc.boolean(),
    tcpFlags: fc.constantFrom(0, 0x01, 0x02, 0x10, 0xc2),
    initialSequence: uint32,
    firstIdentification: uint16,
  };
  return fc.record(fields, { noNullPrototype: true }).map((changes) => flowOf(family, changes));
}

/** Lengths of what fills a probe of this type up, from its smallest on. */
function payloadLengths(type: ProbeType): number[] {
  const least = type.minimumLength - type.headerLength;
  return [0, 1, 3, 4, 8, 12, 15, 16, 20, 24, 48, 100, 1399, 1400]
    .filter((length) => length >= least)
    .filter((length) => (type.headerLength + length) % type.lengthUnit === 0);
}

/** What `identify` says, a refusal by WireError being no match; anything else that is thrown fails the test. */
function matchOrRefusal<Match>(identify: () => Match | undefined): Match | undefined {
  try {
    return identify();
  } catch (error) {
    assert.ok(error instanceof WireError, String(error));
    return undefined;
  }
}

function identify(type: ProbeType, quoted: Uint8Array, flow: Flow): QuotedMatch | undefined {
  return matchOrRefusal(() => type.identifyQuoted(embedded(quoted), flow));
}

/** Whether the match may stand: it names no probe that was sent, or a NAT's work, or what cannot be told apart. */
function isHarmless(type: ProbeType, quoted: Uint8Array, flow: Flow, length: number): boolean {
  const match = identify(type, quoted, flow);
  if (!match || match.sequence < 1 || match.sequence > PROBES) return true;
  if (match.translatedPort !== undefined) return true;
  const ours = buildProbe(type, flow, match.sequence, length);
  return equal(quoted, ours.subarray(0, quoted.length));
}

/** Checks that no probe of another flow is taken for one of this flow, whole or cut to 8 octets. */
function othersAreNotMatched(
  type: ProbeType,
  family: 4 | 6,
  other: (flow: Flow) => fc.Arbitrary<Flow>,
): void {
  const pair = flows(family).chain((flow) => fc.tuple(fc.constant(flow), other(flow)));
  const few = fc.integer({ min: 1, max: PROBES });
  const lengths = fc.constantFrom(...payloadLengths(type).filter((length) => length <= 100));
  fc.assert(
    fc.property(pair, few, lengths, ([flow, stranger], sequence, length) => {
      const quoted = buildProbe(type, stranger, sequence, length);
      assert.ok(isHarmless(type, quoted, flow, length));
      assert.ok(isHarmless(type, quoted.subarray(0, QUOTED_LENGTH), flow, length));
    }),
    { numRuns: 200 },
  );
}

/** A number of 16 bits further from `from` than there are probes. */
function apart(from: number): fc.Arbitrary<number> {
  return fc.integer({ min: PROBES, max: 0x10000 - PROBES }).map((distance) => (from + distance) & 0xffff);
}

const types: readonly ProbeType[] = probeTypes;

for (const type of types) {
  const { alwaysSummed }: Exceptions = EXCEPTIONS[type.name] ?? {};
  describe(`the probe type ${type.name}`, () => {
    it('describes itself', () => {
      assert.match(type.name, /^[a-z][a-z0-9-]*$/);
      assert.match(type.summary, /^[A-Za-z][^\n]*[^.\s]$/);
      assert.ok(type.headerLength > 0 && type.minimumLength >= type.headerLength);
      assert.ok(type.lengthUnit >= 1 && type.minimumLength % type.lengthUnit === 0);
      assert.ok(type.defaultPort >= 0 && type.defaultPort <= 0xffff);
      // two characters an octet, of which the display has room for 20
      assert.match(type.fieldKey, /^[ -~]{0,40}$/);
    });

    for (const family of [4, 6] as const) {
      it(`has a protocol number of IPv${family}`, () => {
        const protocol = type.ipProtocol(family, 253);
        assert.ok(Number.isInteger(protocol) && protocol >= 1 && protocol <= 255);
      });

      it(`writes its header before the payload, IPv${family}`, () => {
        for (const length of payloadLengths(type)) {
          assert.equal(buildProbe(type, flowOf(family), 1, length).length, type.headerLength + length);
        }
        assert.ok(payloadLengths(type).includes(type.minimumLength - type.headerLength));
      });

      it(`builds the same octets for the same probe, IPv${family}`, () => {
        const flow = flowOf(family);
        assert.deepEqual(buildProbe(type, flow, 7), buildProbe(type, flow, 7));
        assert.notDeepEqual(buildProbe(type, flow, 7), buildProbe(type, flow, 8));
      });

      it(`knows each of its probes from a quote, whole or of 8 octets, IPv${family}`, () => {
        fc.assert(
          fc.property(
            flows(family),
            sequences,
            fc.constantFrom(...payloadLengths(type)),
            (flow, sequence, length) => {
              const built = buildProbe(type, flow, sequence, length);
              for (const end of [built.length, QUOTED_LENGTH]) {
                assert.deepEqual(type.identifyQuoted(embedded(built.subarray(0, end)), flow), { sequence });
              }
            },
          ),
          { numRuns: 300 },
        );
      });

      it(`knows all sequences, over the end of 16 bits, IPv${family}`, () => {
        for (const port of PORTS) {
          const flow = flowOf(family, { port });
          for (const sequence of SEQUENCES) {
            assert.deepEqual(type.identifyQuoted(buildProbe(type, flow, sequence), flow), { sequence });
          }
        }
      });

      it(`refuses a quote that is too short, or knows the probe from it, IPv${family}`, () => {
        for (const length of payloadLengths(type).slice(0, 4)) {
          const flow = flowOf(family);
          const built = buildProbe(type, flow, 300, length);
          for (let end = 0; end <= built.length; end++) {
            const match = identify(type, built.subarray(0, end), flow);
            if (match || end >= QUOTED_LENGTH) assert.deepEqual(match, { sequence: 300 }, `${end} octets`);
          }
          assert.throws(() => type.identifyQuoted(new Uint8Array(0), flow), WireError);
        }
      });

      it(`leaves probes of another ident alone, IPv${family}`, () => {
        othersAreNotMatched(type, family, (flow) => apart(flow.ident).map((ident) => ({ ...flow, ident })));
      });

      it(`leaves probes of another base port alone, IPv${family}`, () => {
        othersAreNotMatched(type, family, (flow) => apart(flow.port).map((port) => ({ ...flow, port })));
      });

      it(`leaves probes of another tag or initial sequence number alone, IPv${family}`, () => {
        const further = ({ initialSequence, firstIdentification }: Flow) =>
          fc
            // the names of probes over IPv6, in TCP's window, come again after 0x10000 - 0x400
            .integer({ min: PROBES + 0x401, max: 0x10000 - 0x402 - PROBES }) // and the lower half may carry
            .map((distance) => ({
              initialSequence: (initialSequence + distance * 0x10000 + distance) >>> 0,
              firstIdentification: (firstIdentification + distance) & 0xffff,
            }));
        othersAreNotMatched(type, family, (flow) => further(flow).map((drawn) => ({ ...flow, ...drawn })));
      });

      it(`stands arbitrary octets, IPv${family}`, () => {
        fc.assert(
          fc.property(flows(family), octets(80), (flow, noise) => {
            identify(type, noise, flow);
            matchOrRefusal(() => type.identifyDirect?.(embedded(noise), flow));
          }),
          { numRuns: 300 },
        );
      });

      it(`does not take its own probe for an answer, IPv${family}`, () => {
        for (const sequence of SEQUENCES) {
          const flow = flowOf(family, { ident: 0x9c40 });
          const built = buildProbe(type, flow, sequence);
          assert.equal(
            matchOrRefusal(() => type.identifyDirect?.(built, flow)),
            undefined,
          );
        }
      });

      it(`fills the checksum in, IPv${family}`, () => {
        fc.assert(
          fc.property(
            flows(family),
            sequences,
            fc.constantFrom(...payloadLengths(type)),
            (flow, sequence, length) => {
              const built = buildProbe(type, flow, sequence, length);
              assert.notEqual(checksumIsRight(flow, type.ipProtocol(family, 253), built), false);
            },
          ),
          { numRuns: 50 },
        );
      });

      const asked =
        alwaysSummed === undefined ? 'leaves it zero' : `fills it in all the same (${alwaysSummed})`;
      it(`asked for no checksum ${asked}, IPv${family}`, () => {
        const flow = flowOf(family);
        const summed = buildProbe(type, flow, 77);
        const bare = buildProbe(type, { ...flow, checksums: false }, 77);
        const changed = bare.filter((octet, index) => octet !== summed[index]);
        const hasChecksum = checksumIsRight(flow, type.ipProtocol(family, 253), summed) !== null;
        assert.ok(changed.every((octet) => octet === 0));
        assert.equal(changed.length > 0, hasChecksum && alwaysSummed === undefined);
      });
    }
  });
}

describe('the registry', () => {
  it('has each name once', () => {
    const names = probeTypes.map(({ name }) => name);
    assert.deepEqual([...new Set(names)], names);
  });

  it('has every probe type that an exception is made for', () => {
    const names = new Set<string>(probeTypes.map(({ name }) => name));
    for (const name of Object.keys(EXCEPTIONS)) assert.ok(names.has(name), name);
  });
});
