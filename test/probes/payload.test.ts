/** Requests to well-known UDP services: what they are, and which probe an answer answers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import packet from 'dns-packet';
import { requestTo } from '../../probes/payload/index.ts';
import { withCookie, type UdpRequest } from '../../probes/payload/request.ts';
import { udp } from '../../probes/udp.ts';
import { encodeUdp } from '../../src/wire/udp.ts';
import { hexOf, octetsOfHex } from '../support/hex.ts';
import { buildProbe, flowOf } from './probe-flow.ts';

const ROOT = { type: 'NS', name: '.' };
const COOKIES = [0, 1, 0x1234, 0xff00, 0xffff];

function request(port: number): UdpRequest {
  return requestTo(port) ?? assert.fail(`port ${port} has a request`);
}

/** An answer to the request with this cookie, as the service gives it. */
const ANSWERS: Readonly<Record<number, (cookie: number) => Uint8Array>> = {
  53: (cookie) => packet.encode({ type: 'response', id: cookie, flags: 0, questions: [ROOT] }),
  // RFC 5905 section 7.3: the origin timestamp is the request's transmit timestamp
  123: (cookie) => octetsOfHex(`24 02 06 e8 ${'00'.repeat(20)} ${transmitOf(cookie)} ${'00'.repeat(16)}`),
  // an engine that has never heard of us: usmStatsUnknownEngineIDs
  161: (cookie) =>
    octetsOfHex(
      `30 81 69 02 01 03 30 11 02 04 70 74 ${hex16(cookie)} 02 03 00 ff e3 04 01 00 02 01 03 04 1e 30 1c`,
    ),
  // RFC 9000 section 17.2.1: our source connection ID is its destination's
  443: (cookie) =>
    octetsOfHex(
      `80 00 00 00 00 08 70 6f 6c 79 74 72 ${hex16(cookie)} 08 70 6f 6c 79 74 72 61 63 00 00 00 01`,
    ),
  // RFC 8489 section 6: the transaction ID comes back
  3478: (cookie) => octetsOfHex(`01 01 00 00 21 12 a4 42 70 6f 6c 79 74 72 61 63 65 2e ${hex16(cookie)}`),
};

const hex16 = (value: number): string => value.toString(16).padStart(4, '0');
const transmitOf = (cookie: number): string => hexOf(withCookie(request(123), cookie).subarray(40));

describe('requests to well-known ports', () => {
  for (const [port, answerTo] of Object.entries(ANSWERS)) {
    it(`differ in the cookie alone: ${port}`, () => {
      const [a, b] = [withCookie(request(Number(port)), 0), withCookie(request(Number(port)), 0xffff)];
      assert.equal(a.length, b.length);
      assert.equal(a.filter((octet, index) => octet !== b[index]).length, 2);
    });

    it(`are known by their answers: ${port}`, () => {
      for (const cookie of COOKIES) {
        assert.equal(request(Number(port)).answeredCookie(answerTo(cookie)), cookie);
      }
    });

    it(`are not answered by anything else, whatever its length: ${port}`, () => {
      const asked = withCookie(request(Number(port)), 0x1234);
      assert.equal(request(Number(port)).answeredCookie(asked), port === '161' ? 0x1234 : undefined);
      const answer = answerTo(0x1234);
      for (let end = 0; end < answer.length; end++) {
        const known = request(Number(port)).answeredCookie(answer.subarray(0, end));
        assert.ok(known === undefined || known === 0x1234);
      }
    });

    it(`are what UDP probes of a Paris flow carry, and are known by: ${port}`, () => {
      const flow = flowOf(4, { paris: true, fixedPort: true, port: Number(port) });
      const built = buildProbe(udp, flow, 77, 0);
      const cookie = (flow.initialSequence + 77) & 0xffff;
      assert.deepEqual(
        Buffer.from(built.subarray(8)),
        Buffer.from(withCookie(request(Number(port)), cookie)),
      );
      const header = {
        sourcePort: Number(port),
        destinationPort: flow.ident,
        lengthOrCoverage: 0,
        checksum: 0,
      };
      assert.deepEqual(udp.identifyDirect?.(encodeUdp(header, answerTo(cookie)), flow), { sequence: 77 });
      assert.equal(udp.identifyDirect(encodeUdp(header, new Uint8Array(4)), flow), undefined);
    });

    it(`tell probes apart in the quotes of IPv6: ${port}`, () => {
      const flow = flowOf(6, { paris: true, fixedPort: true, port: Number(port) });
      for (const sequence of [1, 300, 65535]) {
        assert.deepEqual(udp.identifyQuoted(buildProbe(udp, flow, sequence, 0), flow), { sequence });
      }
    });
  }

  it('ask DNS for the name servers of the root, as dns-packet writes it', () => {
    const flags = packet.RECURSION_DESIRED;
    const query = packet.encode({ type: 'query', id: 0x1234, flags, questions: [ROOT] });
    assert.deepEqual(Buffer.from(withCookie(request(53), 0x1234)), query);
  });

  it('ask NTP as a client of version 4', () => {
    const { octets } = request(123);
    assert.equal(octets.length, 48);
    assert.deepEqual([(octets[0] ?? 0) >> 3, (octets[0] ?? 0) & 7], [4, 3]);
  });

  it('fill what QUIC wants of a first packet, with a version that provokes negotiation', () => {
    const { octets } = request(443);
    assert.equal(octets.length, 1200);
    assert.ok(octets.subarray(1, 5).every((octet) => (octet & 0x0f) === 0x0a));
  });

  it('have the lengths in SNMP that their parts have', () => {
    const { octets } = request(161);
    const parts = (from: number, end: number): number[] => {
      const starts: number[] = [];
      for (let at = from; at < end; at += 2 + (octets[at + 1] ?? 0)) starts.push(octets[at] ?? 0);
      return starts;
    };
    assert.equal(octets[1], octets.length - 2);
    assert.deepEqual(parts(2, octets.length), [0x02, 0x30, 0x04, 0x30]);
    assert.deepEqual(parts(7, 24), [0x02, 0x02, 0x04, 0x02]);
    assert.deepEqual(parts(28, 42), [0x04, 0x02, 0x02, 0x04, 0x04, 0x04]);
    assert.deepEqual(parts(44, 62), [0x04, 0x04, 0xa0]);
    assert.deepEqual(parts(50, 62), [0x02, 0x02, 0x02, 0x30]);
  });

  it('are none to other ports', () => {
    assert.equal(requestTo(54), undefined);
  });
});
