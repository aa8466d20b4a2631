import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { transportChecksum } from '../../src/wire/checksum.ts';
import { decodeIpv4 } from '../../src/wire/ipv4.ts';
import { decodeTcp, decodeTcpStart, encodeTcp, TCP_CHECKSUM_OFFSET, TCP_FLAG } from '../../src/wire/tcp.ts';
import { embedded, goldenPacket } from '../support/hex.ts';
import {
  everyPrefixIsRefused,
  isMalformed,
  octets,
  record,
  returnsOrRefuses,
  uint16,
  uint32,
  uint8,
} from './codec-checks.ts';

const { syn, ack, rst, ece, cwr } = TCP_FLAG;
const synAck = goldenPacket('tcp-syn-ack').subarray(20);

describe('the TCP header', () => {
  for (const [name, expected] of [
    [
      'tcp-syn',
      {
        sourcePort: 56415,
        destinationPort: 443,
        sequenceNumber: 655547713,
        acknowledgment: 0,
        flags: syn,
        window: 0,
        checksum: 0xe13d,
      },
    ],
    [
      'tcp-syn-ecn',
      {
        sourcePort: 48961,
        destinationPort: 443,
        sequenceNumber: 3697529621,
        acknowledgment: 0,
        flags: syn | ece | cwr,
        window: 5840,
        checksum: 0x23ea,
      },
    ],
    [
      'tcp-syn-ack',
      {
        sourcePort: 443,
        destinationPort: 58333,
        sequenceNumber: 3347967597,
        acknowledgment: 1227675942,
        flags: syn | ack,
        window: 65084,
        checksum: 0xf0c2,
      },
    ],
    [
      'tcp-rst',
      {
        sourcePort: 80,
        destinationPort: 35321,
        sequenceNumber: 0,
        acknowledgment: 3725922871,
        flags: rst | ack,
        window: 0,
        checksum: 0x4904,
      },
    ],
  ] as const) {
    it(`is decoded from ${name}`, () => {
      const segment = goldenPacket(name).subarray(20);
      assert.deepEqual(decodeTcp(segment), expected);
      const { sourcePort, destinationPort, sequenceNumber } = expected;
      assert.deepEqual(decodeTcpStart(segment.subarray(0, 8)), {
        sourcePort,
        destinationPort,
        sequenceNumber,
      });
    });
  }

  for (const name of ['tcp-syn', 'tcp-rst']) {
    it(`reproduces ${name}`, () => {
      const packet = goldenPacket(name);
      const segment = packet.subarray(20);
      const encoded = encodeTcp({ ...decodeTcp(segment), checksum: 0 }, new Uint8Array(0));
      const checksum = transportChecksum(decodeIpv4(packet), 6, encoded);
      new DataView(encoded.buffer).setUint16(TCP_CHECKSUM_OFFSET, checksum);
      assert.deepEqual(encoded, segment.slice());
    });
  }

  it('refuses what is too short for header and options', () => {
    everyPrefixIsRefused(decodeTcpStart, synAck, 8);
    everyPrefixIsRefused(decodeTcp, goldenPacket('tcp-rst').subarray(20), 20);
    everyPrefixIsRefused(decodeTcp, synAck, 40);
  });

  it('refuses a data offset below 20', () => {
    for (const words of [0, 4]) {
      const segment = synAck.slice();
      segment[12] = words << 4;
      isMalformed(decodeTcp, segment, 12);
    }
  });

  it('is decoded as it was encoded, any flags set', () => {
    const headers = record({
      sourcePort: uint16,
      destinationPort: uint16,
      sequenceNumber: uint32,
      acknowledgment: uint32,
      flags: fc.oneof(uint8, fc.constant(0xff)),
      window: uint16,
      checksum: uint16,
    });
    fc.assert(
      fc.property(headers, octets(60), (header, payload) => {
        const segment = embedded(encodeTcp(header, embedded(payload)));
        assert.deepEqual(decodeTcp(segment), header);
        assert.deepEqual(segment.subarray(20), payload);
      }),
    );
  });

  it('survives arbitrary octets', () => {
    returnsOrRefuses(decodeTcp, synAck);
    returnsOrRefuses(decodeTcpStart);
  });
});
