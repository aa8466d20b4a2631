import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sctp } from '../../probes/sctp.ts';
import { viewOf } from '../../src/wire/bytes.ts';
import {
  decodeSctpFirstChunk,
  decodeSctpStart,
  encodeSctp,
  encodeSctpChunk,
  SCTP_CHUNK,
  type SctpHeader,
} from '../../src/wire/sctp.ts';
import { embedded } from '../support/hex.ts';
import { buildProbe, flowOf } from './probe-flow.ts';

const flow = flowOf(4, { port: 3868, fixedPort: true });
const TAG = flow.initialSequence + 5;
/** Payload of the smallest probe with an INIT, of a SHUTDOWN ACK alone, and of one with padding. */
const INIT_ROOM = 20;
const BARE_ROOM = 4;
const PADDED_ROOM = 16;

/** A packet of one chunk from where probe 5 went to where it came from. */
function answer(type: number, flags = 0, change: Partial<SctpHeader> = {}): Uint8Array {
  const { sourcePort, destinationPort } = decodeSctpStart(buildProbe(sctp, flow, 5));
  const header = {
    sourcePort: destinationPort,
    destinationPort: sourcePort,
    verificationTag: TAG,
    ...change,
  };
  return encodeSctp(header, [encodeSctpChunk({ type, flags, value: new Uint8Array(0) })], true);
}

const identify = (octets: Uint8Array) => sctp.identifyDirect?.(embedded(octets), flow);

/** Types and lengths of all chunks of a packet, which have to fill it. */
function chunksOf(packet: Uint8Array): (readonly [number, number])[] {
  const chunks: (readonly [number, number])[] = [];
  for (let rest = packet.subarray(12); rest.length > 0;) {
    const length = viewOf(rest, 4, 'chunk').getUint16(2);
    assert.ok(length >= 4 && length <= rest.length);
    chunks.push([rest[0] ?? 0, length]);
    rest = rest.subarray(length);
  }
  return chunks;
}

describe('an SCTP probe', () => {
  for (const [room, chunks] of [
    [0, []],
    [BARE_ROOM, [[SCTP_CHUNK.shutdownAck, 4]]],
    [
      8,
      [
        [SCTP_CHUNK.shutdownAck, 4],
        [SCTP_CHUNK.pad, 4],
      ],
    ],
    [
      PADDED_ROOM,
      [
        [SCTP_CHUNK.shutdownAck, 4],
        [SCTP_CHUNK.pad, 12],
      ],
    ],
    [INIT_ROOM, [[SCTP_CHUNK.init, 20]]],
    [24, [[SCTP_CHUNK.init, 24]]],
    [1400, [[SCTP_CHUNK.init, 1400]]],
  ] as const) {
    it(`of ${12 + room} octets has chunks that fill it`, () => {
      assert.deepEqual(chunksOf(buildProbe(sctp, flow, 5, room)), chunks);
    });
  }

  it('has verification tag 0 and an initiate tag with INIT, RFC 9260 section 8.5.1', () => {
    const probe = buildProbe(sctp, flow, 5, INIT_ROOM);
    assert.equal(decodeSctpStart(probe).verificationTag, 0);
    const { value } = decodeSctpFirstChunk(probe);
    const view = viewOf(value, 16, 'INIT');
    assert.equal(view.getUint32(0), TAG);
    // RFC 9260 section 3.3.2: a window of 1500 at least, streams not 0
    assert.ok(view.getUint32(4) >= 1500);
    assert.deepEqual([view.getUint16(8), view.getUint16(10)], [1, 1]);
  });

  it('pads INIT with a parameter that fills the chunk, RFC 4820 section 4', () => {
    const { value } = decodeSctpFirstChunk(buildProbe(sctp, flow, 5, 100));
    const view = viewOf(value, 20, 'INIT');
    assert.deepEqual([view.getUint16(16), view.getUint16(18)], [0x8005, value.length - 16]);
  });

  it('has its tag for verification tag with SHUTDOWN ACK', () => {
    assert.equal(decodeSctpStart(buildProbe(sctp, flow, 5, BARE_ROOM)).verificationTag, TAG);
  });

  it('never has tag 0, by which another association is opened, RFC 9260 section 3.3.2', () => {
    const last = flowOf(4, { initialSequence: 0xffffffff });
    assert.notEqual(decodeSctpStart(buildProbe(sctp, last, 1, BARE_ROOM)).verificationTag, 0);
  });
});

describe('a quoted SCTP probe', () => {
  for (const [what, room, offset] of [
    ['verification tag', BARE_ROOM, 4],
    ['verification tag before padding', PADDED_ROOM, 4],
    ['initiate tag', INIT_ROOM, 16],
  ] as const) {
    it(`is not ours with another ${what}`, () => {
      const quoted = buildProbe(sctp, flow, 5, room);
      assert.deepEqual(sctp.identifyQuoted(quoted, flow), { sequence: 5 });
      new DataView(quoted.buffer).setUint32(offset, TAG + 1);
      assert.equal(sctp.identifyQuoted(quoted, flow), undefined);
    });
  }

  it('is not ours with tag 0 and a chunk that is not our INIT', () => {
    const quoted = buildProbe(sctp, flow, 5, PADDED_ROOM + 4);
    quoted.set(buildProbe(sctp, flow, 5, PADDED_ROOM).subarray(8), 8);
    assert.equal(sctp.identifyQuoted(quoted, flow), undefined);
  });

  it('shows the port that a router has put in place of its own', () => {
    const quoted = buildProbe(sctp, flow, 5, BARE_ROOM);
    new DataView(quoted.buffer).setUint16(2, 2905);
    assert.deepEqual(sctp.identifyQuoted(quoted, flow), { sequence: 5, translatedPort: 2905 });
  });
});

describe('the answer to an SCTP probe', () => {
  for (const [what, octets] of [
    ['INIT ACK to INIT, RFC 9260 section 5.1', answer(SCTP_CHUNK.initAck)],
    ['ABORT to INIT, section 8.4', answer(SCTP_CHUNK.abort)],
    [
      'SHUTDOWN COMPLETE with its tag reflected to SHUTDOWN ACK, section 8.4',
      answer(SCTP_CHUNK.shutdownComplete, 1),
    ],
  ] as const) {
    it(`is ${what}`, () => {
      assert.deepEqual(identify(octets), { sequence: 5 });
    });
  }

  const { sourcePort, destinationPort } = decodeSctpStart(buildProbe(sctp, flow, 5));
  for (const [what, octets] of [
    ['with the tag of another probe', answer(SCTP_CHUNK.abort, 0, { verificationTag: TAG + 1 })],
    ['without a tag', answer(SCTP_CHUNK.abort, 0, { verificationTag: 0 })],
    ['from another port', answer(SCTP_CHUNK.abort, 0, { sourcePort: destinationPort + 1 })],
    ['to the port of another probe', answer(SCTP_CHUNK.abort, 0, { destinationPort: sourcePort + 1 })],
  ] as const) {
    it(`is none ${what}`, () => {
      assert.equal(identify(octets), undefined);
    });
  }

  it('is refused when truncated, or with a chunk that is too long for it', () => {
    const octets = answer(SCTP_CHUNK.abort);
    for (let length = 0; length < octets.length; length++) {
      assert.throws(() => identify(octets.subarray(0, length)), { name: 'WireError', code: 'truncated' });
    }
    assert.throws(() => identify(octets.with(15, 8)), { name: 'WireError', code: 'truncated' });
    assert.throws(() => identify(octets.with(15, 3)), { name: 'WireError', code: 'malformed' });
  });
});
