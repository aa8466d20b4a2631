import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { tcp } from '../../probes/tcp.ts';
import { identificationOf, type Flow } from '../../src/model/flow.ts';
import { decodeTcp, encodeTcp, TCP_FLAG, type TcpHeader } from '../../src/wire/tcp.ts';
import { embedded, goldenPacket } from '../support/hex.ts';
import { isMalformed, uint16, uint32 } from '../wire/codec-checks.ts';
import { buildProbe, flowOf } from './probe-flow.ts';

const { fin, syn, rst, psh, ack, ece, cwr } = TCP_FLAG;
const SERVER_SEQUENCE = 0x7000_0000;
const flow = flowOf(4, { port: 443, fixedPort: true });

/** What a probe of the flow holds. */
function sent(sequence: number, of: Flow = flow, payloadLength = 0): TcpHeader {
  return decodeTcp(buildProbe(tcp, of, sequence, payloadLength));
}

/** A segment back to where a probe came from. */
function answer({ sourcePort, destinationPort }: TcpHeader, fields: Partial<TcpHeader>): Uint8Array {
  const numbers = { sequenceNumber: 0, acknowledgment: 0, flags: 0, window: 0, checksum: 0, ...fields };
  return encodeTcp(
    { sourcePort: destinationPort, destinationPort: sourcePort, ...numbers },
    new Uint8Array(0),
  );
}

/** A SYN-ACK that acknowledges `length` octets of a probe, its SYN among them. */
function synAck(sequence: number, length = 1, flags = 0, of: Flow = flow): Uint8Array {
  const probe = sent(sequence, of);
  return answer(probe, {
    sequenceNumber: SERVER_SEQUENCE,
    acknowledgment: (probe.sequenceNumber + length) >>> 0,
    flags: syn | ack | flags,
  });
}

/** A RST+ACK of the same. */
function rstAck(sequence: number, length: number, of: Flow = flow): Uint8Array {
  const probe = sent(sequence, of);
  return answer(probe, { acknowledgment: (probe.sequenceNumber + length) >>> 0, flags: rst | ack });
}

const identify = (octets: Uint8Array, of: Flow = flow, payloadLength = 0) =>
  tcp.identifyDirect?.(embedded(octets), of, payloadLength);

describe('a TCP probe', () => {
  it('has the control bits of the flow, and an acknowledgment with ACK alone', () => {
    for (const tcpFlags of [syn, syn | ece | cwr, ack, fin, ack | psh]) {
      const { flags, acknowledgment, sequenceNumber } = sent(3, { ...flow, tcpFlags });
      assert.equal(flags, tcpFlags);
      assert.equal(acknowledgment, tcpFlags & ack ? sequenceNumber : 0);
    }
  });

  it('is told from its neighbours by its sequence number where all ports are the same', () => {
    assert.deepEqual(
      [sent(1), sent(2)].map(({ sourcePort, destinationPort }) => [sourcePort, destinationPort]),
      [
        [0xbeef, 443],
        [0xbeef, 443],
      ],
    );
    assert.equal(sent(2).sequenceNumber - sent(1).sequenceNumber, 0x10000);
  });

  it('is told from its neighbours by its source port with a port for each, over the end of 16 bits', () => {
    const perPort = { ...flow, portPerProbe: true, ident: 0xfffe };
    assert.deepEqual(
      [1, 2, 3].map((sequence) => sent(sequence, perPort).sourcePort),
      [0xffff, 0, 1],
    );
  });

  it('counts in the destination port otherwise', () => {
    const counting = { ...flow, fixedPort: false, port: 0xffff };
    assert.deepEqual(
      [1, 2].map((sequence) => sent(sequence, counting).destinationPort),
      [0, 1],
    );
  });
});

describe('a quoted TCP probe', () => {
  it('shows the port that a router has put in place of its own', () => {
    const quoted = buildProbe(tcp, flow, 9);
    new DataView(quoted.buffer).setUint16(2, 8443);
    assert.deepEqual(tcp.identifyQuoted(quoted.subarray(0, 8), flow), { sequence: 9, translatedPort: 8443 });
  });

  it('is not ours with a sequence number between two of ours', () => {
    const quoted = buildProbe(tcp, flow, 9);
    new DataView(quoted.buffer).setUint32(4, sent(9).sequenceNumber + 1);
    assert.equal(tcp.identifyQuoted(quoted, flow), undefined);
  });

  it('is ours with any sequence number where its identification says so, over IPv6 its window', () => {
    for (const family of [4, 6] as const) {
      const of = flowOf(family, { port: 443, fixedPort: true });
      const quoted = buildProbe(tcp, of, 9);
      new DataView(quoted.buffer).setUint32(4, sent(9, of).sequenceNumber + 0x1234_5678);
      const identification = family === 4 ? identificationOf(of, 9) : undefined;
      assert.deepEqual(tcp.identifyQuoted(quoted, of, identification), {
        sequence: 9,
        differs: ['sequence'],
      });
      assert.equal(tcp.identifyQuoted(quoted.subarray(0, 8), of), undefined);
    }
  });

  it('is told from the probe that it repeats by its identification, over IPv6 by its window', () => {
    for (const family of [4, 6] as const) {
      const of = flowOf(family, { port: 443, fixedPort: true });
      const quoted = tcp.build({ ttl: 1, attempt: 0, sequence: 9, repeats: 4 }, of, new Uint8Array(0));
      assert.equal(decodeTcp(quoted).sequenceNumber, sent(4, of).sequenceNumber);
      const identification = family === 4 ? identificationOf(of, 9) : undefined;
      assert.deepEqual(tcp.identifyQuoted(quoted, of, identification), { sequence: 4, named: 9 });
    }
  });

  it('is not ours from the source port of its neighbour', () => {
    const perPort = { ...flow, portPerProbe: true };
    const quoted = buildProbe(tcp, perPort, 9);
    new DataView(quoted.buffer).setUint16(0, sent(10, perPort).sourcePort);
    assert.equal(tcp.identifyQuoted(quoted, perPort), undefined);
  });
});

describe('the answer to a TCP probe', () => {
  const ackFlow = { ...flow, tcpFlags: ack };
  const finFlow = { ...flow, tcpFlags: fin };
  const bareFlow = { ...flow, tcpFlags: ece | cwr };
  const toAck = sent(5, ackFlow);
  for (const [what, octets, of, expected] of [
    ['a SYN-ACK is of an open port', synAck(5), flow, { state: 'open', ecn: false }],
    ['a SYN-ACK with ECE accepts ECN', synAck(5, 1, ece), flow, { state: 'open', ecn: true }],
    [
      'a SYN-ACK that reflects ECE and CWR does not',
      synAck(5, 1, ece | cwr),
      flow,
      { state: 'open', ecn: false },
    ],
    ['a SYN-ACK may acknowledge data, RFC 7413', synAck(5, 101), flow, { state: 'open', ecn: false }],
    ['a RST+ACK to a SYN is of a closed port', rstAck(5, 1), flow, { state: 'closed' }],
    ['a RST+ACK acknowledges data too', rstAck(5, 1401), flow, { state: 'closed' }],
    ['a RST+ACK acknowledges a datagram full of data', rstAck(5, 65496), flow, { state: 'closed' }],
    ['a RST+ACK with ECE is still one', rstAck(5, 1).with(13, rst | ack | ece), flow, { state: 'closed' }],
    ['a RST+ACK to a FIN', rstAck(5, 1, finFlow), finFlow, { state: 'closed' }],
    ['a RST+ACK to a segment of no length', rstAck(5, 0, bareFlow), bareFlow, { state: 'closed' }],
    [
      'a bare RST to an ACK has its acknowledgment for sequence number, RFC 9293 section 3.10.7.1',
      answer(toAck, { sequenceNumber: toAck.acknowledgment, flags: rst }),
      ackFlow,
      { state: 'closed' },
    ],
    [
      'a RST to an ACK may have ACK too, as some firewalls send it',
      answer(toAck, {
        sequenceNumber: toAck.acknowledgment,
        acknowledgment: toAck.sequenceNumber,
        flags: rst | ack,
      }),
      ackFlow,
      { state: 'closed' },
    ],
  ] as const) {
    it(what, () => {
      assert.deepEqual(identify(octets, of, 65495), { sequence: 5, tcp: expected });
    });
  }

  const probe = sent(5);
  const right = { acknowledgment: probe.sequenceNumber + 1, flags: syn | ack };
  for (const [what, octets] of [
    ['to another local port', answer({ ...probe, sourcePort: probe.sourcePort + 1 }, right)],
    ['from another port', answer({ ...probe, destinationPort: 80 }, right)],
    ['that acknowledges nothing of the SYN', synAck(5, 0)],
    [
      'with an acknowledgment before this run',
      answer(probe, { ...right, acknowledgment: flow.initialSequence }),
    ],
    ['that acknowledges more than was sent', synAck(5, 2)],
    [
      'that is a RST without ACK, and has a sequence number',
      answer(probe, { sequenceNumber: 7, flags: rst }),
    ],
  ] as const) {
    it(`is none ${what}`, () => {
      assert.equal(identify(octets), undefined);
    });
  }

  const closed = { state: 'closed' };
  for (const [what, fields, expected] of [
    ['a RST without ACK', { flags: rst }, closed],
    ['a SYN, of a simultaneous open', { flags: syn }, { state: 'other', flags: syn }],
    ['one without control bits', { flags: 0 }, { state: 'other', flags: 0 }],
    // RFC 5961 section 4: it has the number of whoever has opened the connection
    ['a bare ACK, whatever it acknowledges', { ...right, flags: ack }, { state: 'other', flags: ack }],
    ['the ACK of an old connection', { acknowledgment: 7, flags: ack }, { state: 'other', flags: ack }],
  ] as const) {
    it(`names no probe where it is ${what}, unless the port does`, () => {
      assert.deepEqual(identify(answer(probe, fields)), { tcp: expected });
      for (const of of [
        { ...flow, portPerProbe: true },
        { ...flow, fixedPort: false },
      ]) {
        assert.equal(identify(answer(sent(5, of), fields), of)?.sequence, 5);
      }
    });
  }

  it('is of the right probe by its port where each has its own', () => {
    const perPort = { ...flow, portPerProbe: true };
    assert.equal(identify(synAck(6, 1, 0, perPort), perPort)?.sequence, 6);
    const { sourcePort } = sent(7, perPort);
    const mixed = answer(
      { ...sent(6, perPort), sourcePort },
      { ...right, acknowledgment: sent(6).sequenceNumber + 1 },
    );
    assert.equal(identify(mixed, perPort), undefined);
  });

  it('is the same when it is sent again', () => {
    assert.deepEqual(identify(synAck(5)), identify(synAck(5)));
  });

  it('is never taken by the neighbour probe, whatever data it acknowledges', () => {
    fc.assert(
      fc.property(
        uint32,
        uint16,
        fc.integer({ min: 1, max: 65534 }),
        fc.integer({ min: 1, max: 65496 }),
        (initialSequence, ident, sequence, length) => {
          const of = { ...flow, initialSequence, ident };
          assert.equal(identify(rstAck(sequence, length, of), of, length - 1)?.sequence, sequence);
          assert.equal(identify(synAck(sequence, length, 0, of), of, length - 1)?.sequence, sequence);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is refused when truncated or malformed', () => {
    const octets = synAck(5);
    for (let length = 0; length < 20; length++) {
      assert.throws(() => identify(octets.subarray(0, length)), { name: 'WireError', code: 'truncated' });
    }
    isMalformed((bytes) => tcp.identifyDirect?.(bytes, flow), octets.with(12, 0x40), 12);
  });

  for (const [name, expected] of [
    ['tcp-syn-ack', { state: 'open', ecn: false }],
    ['tcp-rst', { state: 'closed' }],
  ] as const) {
    it(`is known as Linux sends it: ${name}`, () => {
      const octets = goldenPacket(name).subarray(20);
      const { sourcePort, destinationPort, acknowledgment } = decodeTcp(octets);
      const initialSequence = (acknowledgment - 1 - 0x10000) >>> 0;
      const of = { ...flow, ident: destinationPort, port: sourcePort, initialSequence };
      assert.deepEqual(identify(octets, of), { sequence: 1, tcp: expected });
    });
  }
});
