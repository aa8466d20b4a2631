import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readIcmpError } from '../../src/engine/icmp-error.ts';
import { concat } from '../../src/wire/bytes.ts';
import { ICMPV4_TYPE } from '../../src/wire/icmpv4.ts';
import { ICMPV6_TYPE } from '../../src/wire/icmpv6.ts';
import { octetsOfHex } from '../support/hex.ts';
import { udpProbe } from '../sim/make-probe.ts';

/** Without a checksum, so that only the length field can tell of it. RFC 4884 section 7. */
const STRUCTURE = octetsOfHex('2000 0000 0008 01 01 000101fe');
const LABEL = { label: 16, trafficClass: 0, bottomOfStack: true, ttl: 254 };

/** A quote of `length` octets and an extension structure after it. */
function bodyOf(family: 4 | 6, length: number): Uint8Array {
  const probe = udpProbe({ length: 200, ...(family === 6 ? { destination: 'fd99::1' } : {}) });
  return concat(probe.subarray(0, length), STRUCTURE);
}

function labelsIn(family: 4 | 6, type: number, rest: number, quoteLength = 128) {
  const message = { type, code: 0, checksum: 0, rest, body: bodyOf(family, quoteLength) };
  return readIcmpError(family, message);
}

describe('an ICMP error', () => {
  for (const [what, family, type, rest, quoteLength] of [
    ['IPv4 time exceeded counts 4 octets in octet 5', 4, ICMPV4_TYPE.timeExceeded, 32 << 16, 128],
    ['IPv4 unreachable too', 4, ICMPV4_TYPE.destinationUnreachable, 40 << 16, 160],
    ['IPv6 time exceeded counts 8 octets in octet 4', 6, ICMPV6_TYPE.timeExceeded, 16 << 24, 128],
    ['IPv6 unreachable too', 6, ICMPV6_TYPE.destinationUnreachable, 20 << 24, 160],
  ] as const) {
    it(`has a length field, RFC 4884 section 4: ${what}`, () => {
      const error = labelsIn(family, type, rest, quoteLength);
      assert.deepEqual(error?.mpls, [LABEL]);
      assert.equal(error.quoted.octets.length, quoteLength);
    });
  }

  for (const [what, type, rest] of [
    ['the MTU of packet too big', ICMPV6_TYPE.packetTooBig, 0x1000_0500],
    ['the pointer of parameter problem', ICMPV6_TYPE.parameterProblem, 0x1000_0006],
  ] as const) {
    it(`does not take ${what} for a length, RFC 4443 section 3`, () => {
      const error = labelsIn(6, type, rest);
      assert.deepEqual(error?.mpls, [LABEL]);
      assert.equal(error.quoted.octets.length, 128);
    });
  }

  it('is none of these', () => {
    for (const type of [0, 5, 8, 12, 13]) assert.equal(labelsIn(4, type, 0), undefined);
    for (const type of [0, 5, 128, 129, 135]) assert.equal(labelsIn(6, type, 0), undefined);
  });
});
