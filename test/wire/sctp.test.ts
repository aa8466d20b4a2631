import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  decodeSctpFirstChunk,
  decodeSctpStart,
  encodeSctp,
  encodeSctpChunk,
  SCTP_CHUNK,
} from '../../src/wire/sctp.ts';
import { embedded, goldenPacket } from '../support/hex.ts';
import {
  everyPrefixIsRefused,
  exactly,
  isMalformed,
  record,
  returnsOrRefuses,
  uint16,
  uint32,
  uint8,
} from './codec-checks.ts';

const init = goldenPacket('sctp-init').subarray(20);
const abort = goldenPacket('sctp-abort').subarray(20);
/** The offset of the chunk's length. RFC 9260 section 3.2. */
const CHUNK_LENGTH = 12 + 2;

describe('an SCTP packet', () => {
  for (const [name, header, chunk] of [
    [
      'sctp-init',
      { sourcePort: 50000, destinationPort: 3868, verificationTag: 0 },
      { type: SCTP_CHUNK.init, flags: 0, value: init.slice(16) },
    ],
    [
      'sctp-abort',
      { sourcePort: 3868, destinationPort: 50000, verificationTag: 0xdecafbad },
      { type: SCTP_CHUNK.abort, flags: 0, value: new Uint8Array(0) },
    ],
  ] as const) {
    it(`is decoded from ${name} and reproduces it`, () => {
      const packet = goldenPacket(name).subarray(20);
      assert.deepEqual(decodeSctpStart(packet.subarray(0, 8)), header);
      assert.deepEqual(decodeSctpFirstChunk(packet), chunk);
      assert.deepEqual(encodeSctp(header, [encodeSctpChunk(chunk)], true), packet.slice());
    });
  }

  it('goes out without a checksum where none is wanted', () => {
    const chunk = encodeSctpChunk({ type: SCTP_CHUNK.init, flags: 0, value: init.subarray(16) });
    const bare = init.slice();
    bare.fill(0, 8, 12);
    assert.deepEqual(encodeSctp(decodeSctpStart(init), [chunk], false), bare);
  });

  it('refuses what is too short for the chunk it announces', () => {
    everyPrefixIsRefused(decodeSctpStart, init, 8);
    everyPrefixIsRefused(decodeSctpFirstChunk, init, 32);
    everyPrefixIsRefused(decodeSctpFirstChunk, abort, 16);
    assert.throws(() => decodeSctpFirstChunk(abort.subarray(0, 11)), { header: 'SCTP', offset: 11 });
  });

  it('refuses a chunk length below 4', () => {
    for (const length of [0, 3]) {
      const packet = abort.slice();
      packet[CHUNK_LENGTH + 1] = length;
      isMalformed(decodeSctpFirstChunk, packet, 2);
    }
  });

  it('is decoded as it was encoded, unknown chunks too', () => {
    const headers = record({ sourcePort: uint16, destinationPort: uint16, verificationTag: uint32 });
    const value = fc.nat({ max: 10 }).chain((words) => exactly(words * 4));
    const chunks = fc.array(record({ type: uint8, flags: uint8, value }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(headers, chunks, fc.boolean(), (header, list, checksum) => {
        const packet = embedded(encodeSctp(header, list.map(encodeSctpChunk), checksum));
        assert.deepEqual(decodeSctpStart(packet), header);
        assert.deepEqual(decodeSctpFirstChunk(packet), list[0]);
        assert.equal(packet.length, 12 + list.reduce((length, chunk) => length + 4 + chunk.value.length, 0));
      }),
    );
  });

  it('survives arbitrary octets', () => {
    returnsOrRefuses(decodeSctpStart);
    returnsOrRefuses(decodeSctpFirstChunk, init, abort);
  });
});
