import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { udp } from '../../probes/udp.ts';
import { udplite } from '../../probes/udplite.ts';
import type { Flow } from '../../src/model/flow.ts';
import { transportChecksum } from '../../src/wire/checksum.ts';
import { decodeUdp, encodeUdp } from '../../src/wire/udp.ts';
import { embedded } from '../support/hex.ts';
import { buildProbe, flowOf } from './probe-flow.ts';

const counting = flowOf(4);
const fixed = flowOf(4, { port: 53, fixedPort: true });

/** A datagram between these ports. */
function datagram(sourcePort: number, destinationPort: number): Uint8Array {
  return encodeUdp({ sourcePort, destinationPort, lengthOrCoverage: 9, checksum: 0 }, Uint8Array.of(1));
}

describe('a UDP probe', () => {
  it('goes to the port after the base, the next one to the one after that', () => {
    const ports = [1, 2].map((sequence) => decodeUdp(buildProbe(udp, counting, sequence)));
    assert.deepEqual(
      ports.map(({ sourcePort, destinationPort }) => [sourcePort, destinationPort]),
      [
        [0xbeef, 33435],
        [0xbeef, 33436],
      ],
    );
  });

  it('counts in the source port where the destination is fixed', () => {
    const ports = [1, 2].map((sequence) => decodeUdp(buildProbe(udp, fixed, sequence)));
    assert.deepEqual(
      ports.map(({ sourcePort, destinationPort }) => [sourcePort, destinationPort]),
      [
        [0xbef0, 53],
        [0xbef1, 53],
      ],
    );
  });

  it('sends a checksum that comes out as zero as all ones, RFC 768', () => {
    const found = Array.from({ length: 65535 }, (_, at) => at + 1).find((sequence) => {
      const bytes = buildProbe(udp, { ...counting, checksums: false }, sequence, 0);
      return transportChecksum(counting, 17, bytes) === 0;
    });
    assert.ok(found !== undefined);
    assert.equal(decodeUdp(buildProbe(udp, counting, found, 0)).checksum, 0xffff);
  });

  it('covers its header alone as UDP-Lite, RFC 3828 section 3.1', () => {
    const short = decodeUdp(buildProbe(udplite, counting, 1, 0));
    assert.equal(short.lengthOrCoverage, 8);
    assert.equal(decodeUdp(buildProbe(udplite, counting, 1, 100)).lengthOrCoverage, 8);
    assert.equal(decodeUdp(buildProbe(udp, counting, 1, 100)).lengthOrCoverage, 108);
  });
});

describe('a quoted UDP probe', () => {
  it('shows the port that a router has put in place of a fixed one', () => {
    const quoted = datagram(fixed.ident + 4, 5353);
    assert.deepEqual(udp.identifyQuoted(quoted, fixed), { sequence: 4, translatedPort: 5353 });
  });
});

for (const type of [udp, udplite]) {
  describe(`a ${type.name} datagram from the target`, () => {
    const identify = (octets: Uint8Array, flow: Flow) => type.identifyDirect?.(embedded(octets), flow);

    it('answers the probe that went to its port', () => {
      assert.deepEqual(identify(datagram(33434 + 8, counting.ident), counting), { sequence: 8 });
    });

    it('answers the probe that went to its port over the end of 16 bits', () => {
      const high = { ...counting, port: 0xfffe };
      assert.deepEqual(identify(datagram(1, high.ident), high), { sequence: 3 });
      const last = { ...fixed, ident: 0xfffe };
      assert.deepEqual(identify(datagram(53, 1), last), { sequence: 3 });
    });

    it('answers the probe that came from the port it goes to, where the port is fixed', () => {
      assert.deepEqual(identify(datagram(53, fixed.ident + 8), fixed), { sequence: 8 });
    });

    for (const [what, octets, flow] of [
      ['to another port', datagram(33434 + 8, counting.ident + 1), counting],
      ['from another port than the fixed one', datagram(54, fixed.ident + 8), fixed],
    ] as const) {
      it(`answers none ${what}`, () => {
        assert.equal(identify(octets, flow), undefined);
      });
    }

    it('is refused when truncated', () => {
      for (let length = 0; length < 8; length++) {
        assert.throws(() => identify(datagram(53, 1).subarray(0, length), fixed), {
          name: 'WireError',
          code: 'truncated',
        });
      }
    });
  });
}
