import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressOf } from '../../src/model/address.ts';
import { decodeIcmp } from '../../src/wire/icmpv4.ts';
import { decodeSctpFirstChunk, decodeSctpStart, encodeSctp, encodeSctpChunk } from '../../src/wire/sctp.ts';
import { SCTP_CHUNK } from '../../src/wire/sctp.ts';
import { decodeTcp, TCP_FLAG } from '../../src/wire/tcp.ts';
import { decodeUdp } from '../../src/wire/udp.ts';
import { readDatagram, type Datagram } from './datagram.ts';
import { answerOfHost } from './host.ts';
import {
  ACKNOWLEDGMENT,
  datagramOf,
  echoProbe,
  SEQUENCE_NUMBER,
  SOURCE_PORT,
  tcpProbe,
  udpProbe,
} from './make-probe.ts';
import { answer } from './path.ts';
import type { HostFormat, PathFormat, PortState } from './path-format.ts';
import { openPath } from './path-state.ts';
import { seededRandom } from './random.ts';
import { checksumIsRight } from './transport-checksum.ts';

const { syn, ack, rst, fin, ece, cwr } = TCP_FLAG;
const SIX = 'fd99::1';

function ask(octets: Uint8Array, host: HostFormat): Datagram | undefined {
  const arrived = readDatagram(octets);
  const replies = answerOfHost({ host, arrived, addressed: arrived, replyTtl: 61 });
  assert.ok(replies.length <= 1);
  const [reply] = replies.map(readDatagram);
  if (!reply) return undefined;
  assert.notEqual(checksumIsRight(reply, reply.protocol, reply.transport), false);
  assert.deepEqual(
    [addressOf(reply.source), addressOf(reply.destination), reply.ttl],
    [addressOf(arrived.destination), addressOf(arrived.source), 61],
  );
  return reply;
}

function must(octets: Uint8Array, host: HostFormat): Datagram {
  const reply = ask(octets, host);
  assert.ok(reply, 'there is an answer');
  return reply;
}

/** Type, code of an ICMP error that a host sends. */
function errorOf(octets: Uint8Array, host: HostFormat = {}): [number, number] {
  const { type, code, body } = decodeIcmp(must(octets, host).transport);
  assert.deepEqual(body, octets);
  return [type, code];
}

describe('a host asked over TCP', () => {
  it('open: answers SYN with SYN-ACK', () => {
    for (const destination of ['10.99.0.1', SIX]) {
      const reply = decodeTcp(must(tcpProbe({ destination }), { tcp: { 80: 'open' } }).transport);
      assert.equal(reply.flags, syn | ack);
      assert.deepEqual([reply.sourcePort, reply.destinationPort], [80, SOURCE_PORT]);
      assert.equal(reply.acknowledgment, SEQUENCE_NUMBER + 1);
    }
  });

  it('closed, which is the default: answers with RST that acknowledges all of the segment', () => {
    const reply = decodeTcp(must(tcpProbe({ length: 60 }), {}).transport);
    assert.deepEqual([reply.flags, reply.sequenceNumber], [rst | ack, 0]);
    assert.equal(reply.acknowledgment, SEQUENCE_NUMBER + 61);
    assert.equal(decodeTcp(must(tcpProbe({ flags: fin }), {}).transport).flags, rst | ack);
  });

  it('filtered: answers nothing, whatever the flags', () => {
    assert.equal(ask(tcpProbe(), { tcp_default: 'filtered' }), undefined);
    assert.equal(ask(tcpProbe({ flags: ack }), { tcp: { 80: 'filtered' } }), undefined);
  });

  for (const state of ['open', 'closed'] as const satisfies readonly PortState[]) {
    it(`${state}: answers ACK with RST from its acknowledgment number`, () => {
      const reply = decodeTcp(must(tcpProbe({ flags: ack }), { tcp: { 80: state } }).transport);
      assert.deepEqual([reply.flags, reply.sequenceNumber], [rst, ACKNOWLEDGMENT]);
    });
  }

  it('flags: answers with these control bits', () => {
    for (const [state, bits, acknowledgment] of [
      ['flags:0x10', ack, SEQUENCE_NUMBER + 1],
      ['flags:2', syn, 0],
    ] as const) {
      const reply = decodeTcp(must(tcpProbe(), { tcp: { 80: state } }).transport);
      assert.deepEqual([reply.flags, reply.acknowledgment], [bits, acknowledgment]);
    }
    assert.throws(() => ask(tcpProbe(), { tcp: { 80: 'flags:x' } }), /unknown port state in a path: flags:x/);
  });

  it('bare_rst: a closed port resets a SYN with neither ACK nor number, and an ACK as ever', () => {
    const reply = decodeTcp(must(tcpProbe(), { bare_rst: true }).transport);
    assert.deepEqual([reply.flags, reply.sequenceNumber, reply.acknowledgment], [rst, 0, 0]);
    const other = decodeTcp(must(tcpProbe({ flags: ack }), { bare_rst: true }).transport);
    assert.deepEqual([other.flags, other.sequenceNumber], [rst, ACKNOWLEDGMENT]);
  });

  it('ack_only: answers a SYN with an ACK of something else', () => {
    const reply = decodeTcp(must(tcpProbe(), { tcp: { 80: 'open' }, ack_only: true }).transport);
    assert.equal(reply.flags, ack);
    assert.notEqual(reply.acknowledgment, SEQUENCE_NUMBER + 1);
  });

  it('open: drops FIN, and closed or not drops RST', () => {
    assert.equal(ask(tcpProbe({ flags: fin }), { tcp: { 80: 'open' } }), undefined);
    assert.equal(ask(tcpProbe({ flags: rst }), {}), undefined);
  });

  it('ecn: answers ECN-setup SYN with ECE alone', () => {
    const probe = tcpProbe({ flags: syn | ece | cwr });
    const host: HostFormat = { tcp: { 80: 'open' }, ecn: true };
    assert.equal(decodeTcp(must(probe, host).transport).flags, syn | ack | ece);
    assert.equal(decodeTcp(must(tcpProbe(), host).transport).flags, syn | ack);
    assert.equal(decodeTcp(must(probe, { tcp: { 80: 'open' } }).transport).flags, syn | ack);
  });
});

describe('a host asked over UDP', () => {
  it('closed, which is the default: port unreachable', () => {
    assert.deepEqual(errorOf(udpProbe()), [3, 3]);
    assert.deepEqual(errorOf(udpProbe({ destination: SIX })), [1, 4]);
    assert.deepEqual(errorOf(udpProbe({ port: 53 }), { udp: { 53: 'closed' }, udp_default: 'echo' }), [3, 3]);
  });

  it('open: a datagram back', () => {
    const reply = decodeUdp(must(udpProbe({ port: 53 }), { udp: { 53: 'echo' } }).transport);
    assert.deepEqual(
      [reply.sourcePort, reply.destinationPort, reply.lengthOrCoverage],
      [53, SOURCE_PORT, 20],
    );
    assert.notEqual(reply.checksum, 0);
  });

  it('filtered: nothing', () => {
    assert.equal(ask(udpProbe(), { udp_default: 'filtered' }), undefined);
  });

  it('open: takes it in silence', () => {
    assert.equal(ask(udpProbe({ port: 53 }), { udp: { 53: 'open' } }), undefined);
  });

  it('UDP-Lite: protocol unreachable, or port unreachable where the host has it', () => {
    const probe = datagramOf(136, new Uint8Array(20));
    assert.deepEqual(errorOf(probe), [3, 2]);
    assert.deepEqual(errorOf(probe, { udplite_default: 'closed' }), [3, 3]);
  });
});

describe('a host asked over ICMP', () => {
  it('echoes identifier, sequence and data', () => {
    for (const [destination, type] of [
      ['10.99.0.1', 0],
      [SIX, 129],
    ] as const) {
      const message = decodeIcmp(must(echoProbe({ destination, length: 9 }), {}).transport);
      assert.deepEqual([message.type, message.rest, message.body.length], [type, 0x1234_0001, 9]);
    }
  });

  it('icmp false: answers nothing', () => {
    assert.equal(ask(echoProbe(), { icmp: false }), undefined);
  });
});

describe('a host asked over SCTP', () => {
  /** Initiate tag 0x0a0b0c0d. */
  const init = Uint8Array.of(0x0a, 0x0b, 0x0c, 0x0d, 0, 0, 0x10, 0, 0, 1, 0, 1, 0, 0, 0, 1);
  const probe = (type: number, value: Uint8Array) => {
    const header = { sourcePort: SOURCE_PORT, destinationPort: 3868, verificationTag: 7 };
    return datagramOf(132, encodeSctp(header, [encodeSctpChunk({ type, flags: 0, value })], true));
  };
  const answered = (octets: Uint8Array, state: PortState) => {
    const { transport } = must(octets, { sctp: { 3868: state } });
    const { sourcePort, destinationPort, verificationTag } = decodeSctpStart(transport);
    assert.deepEqual([sourcePort, destinationPort], [3868, SOURCE_PORT]);
    const { type, flags } = decodeSctpFirstChunk(transport);
    return { verificationTag, type, flags };
  };

  it('INIT: INIT ACK when open, ABORT when closed, both with the initiate tag', () => {
    const octets = probe(SCTP_CHUNK.init, init);
    const tag = 0x0a0b0c0d;
    assert.deepEqual(answered(octets, 'open'), { verificationTag: tag, type: SCTP_CHUNK.initAck, flags: 0 });
    assert.deepEqual(answered(octets, 'closed'), { verificationTag: tag, type: SCTP_CHUNK.abort, flags: 0 });
    assert.equal(ask(octets, { sctp: { 3868: 'filtered' } }), undefined);
  });

  it('SHUTDOWN ACK: SHUTDOWN COMPLETE with the tag reflected', () => {
    const octets = probe(SCTP_CHUNK.shutdownAck, new Uint8Array(0));
    const expected = { verificationTag: 7, type: SCTP_CHUNK.shutdownComplete, flags: 1 };
    assert.deepEqual(answered(octets, 'closed'), expected);
  });

  it('protocol unreachable where the port is not named', () => {
    assert.deepEqual(errorOf(probe(SCTP_CHUNK.init, init)), [3, 2]);
  });
});

describe('a host asked over a protocol that it does not know', () => {
  it('says so, unless it is silent', () => {
    assert.deepEqual(errorOf(datagramOf(47, new Uint8Array(8))), [3, 2]);
    assert.deepEqual(errorOf(datagramOf(89, new Uint8Array(20), { destination: SIX })), [4, 1]);
    assert.equal(ask(datagramOf(47, new Uint8Array(8)), { proto_default: 'silent' }), undefined);
  });
});

describe("the TTL of a target's replies", () => {
  for (const [reply_ttl, expected] of [
    [undefined, 63],
    [200, 200],
    ['arriving', 4],
  ] as const) {
    it(`${reply_ttl ?? 'by default'}: ${expected}`, () => {
      const dst = { addr: '10.99.0.1', delay: 3, ...(reply_ttl !== undefined && { reply_ttl }) };
      const path = { src: '10.0.0.1', hops: [{ addr: '10.1.0.1' }], dst };
      const [reply] = answer(openPath(path, seededRandom(1)), udpProbe({ ttl: 5 }));
      assert.ok(reply);
      assert.deepEqual([readDatagram(reply.octets).ttl, reply.afterMs], [expected, 3]);
    });
  }
});

describe('a host with another address', () => {
  const dst = { addr: '10.99.0.1', from: '10.98.0.1', tcp: { 80: 'open' } } as const;

  /** Who answers a SYN, and who a datagram to a closed port. */
  function responders(target: PathFormat['dst']): string[] {
    const state = openPath({ src: '10.0.0.1', hops: [], dst: target }, seededRandom(1));
    return [tcpProbe(), udpProbe()].flatMap((probe) =>
      answer(state, probe).map(({ octets }) => addressOf(readDatagram(octets).source)),
    );
  }

  it('answers from there', () => {
    assert.deepEqual(responders(dst), ['10.98.0.1', '10.98.0.1']);
  });

  it('or sends ICMP messages alone from there', () => {
    assert.deepEqual(responders({ ...dst, from_icmp: true }), ['10.99.0.1', '10.98.0.1']);
  });
});
