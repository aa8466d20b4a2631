/** Covers synthesis.ts: what it makes is, octet for octet, what a raw socket would have received. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { icmpEcho } from '../../../probes/icmp-echo.ts';
import { tcp } from '../../../probes/tcp.ts';
import { udp } from '../../../probes/udp.ts';
import { udplite } from '../../../probes/udplite.ts';
import { classify, type Classified } from '../../../src/engine/classify.ts';
import { encodeDatagram } from '../../../src/engine/encode-datagram.ts';
import type { OutgoingDatagram, ReceivedDatagram } from '../../../src/ports/transport.ts';
import type { Trace } from '../../../src/engine/trace.ts';
import { TraceIndex } from '../../../src/engine/trace-index.ts';
import { octetsOf, type Family } from '../../../src/model/address.ts';
import type { ExtendedError } from '../../../src/net/linux/extended-error.ts';
import { asQuoted, icmpError, tcpAnswer, udpAnswer } from '../../../src/net/unprivileged/synthesis.ts';
import { decodeIcmp } from '../../../src/wire/icmpv4.ts';
import { IP_PROTOCOL } from '../../../src/wire/codes.ts';
import { decodeUdp } from '../../../src/wire/udp.ts';
import { OTHER, ROUTER, TARGET, traceOf } from '../../engine/make-trace.ts';
import { readDatagram } from '../../sim/datagram.ts';
import {
  encodeError,
  portUnreachable,
  timeExceeded,
  tooBig,
  type IcmpErrorKind,
  type LabelStack,
} from '../../sim/icmp-error.ts';

const FACTS = { atMs: 10, precision: 'kernel', ttl: 250 } as const;
const LABELS: LabelStack = [
  [16002, 1, 0, 7],
  [24, 0, 1, 1],
];
const IP_HEADER_LENGTH = { 4: 20, 6: 40 } as const;
/** Octets of the quoted transport header that the kernel keeps to itself. */
const UNTOLD: Readonly<Record<number, number>> = { [IP_PROTOCOL.udp]: 8, [IP_PROTOCOL.udplite]: 8 };

/** The first probe of a trace, as it is sent, and as it is when its TTL is used up. */
function firstProbe(trace: Trace): { sent: OutgoingDatagram; dying: OutgoingDatagram } {
  const action = trace.scheduler.next(0);
  assert.ok(action.do === 'send');
  trace.scheduler.sent(action.probe, 0);
  const sent = trace.datagram(action.probe);
  return { sent, dying: { ...sent, ttl: 1 } };
}

/** The ICMP message that a router sends about a probe. */
function messageAbout(dying: OutgoingDatagram, kind: IcmpErrorKind, labels: LabelStack): Uint8Array {
  const about = { responder: octetsOf(ROUTER[dying.family]), ttl: FACTS.ttl, labels };
  return readDatagram(encodeError(kind, readDatagram(encodeDatagram(dying)), about)).transport;
}

/** The part of such a message that the kernel's error queue has. ip(7), linux/errqueue.h */
function told(
  family: Family,
  protocol: number,
  message: Uint8Array,
): { error: ExtendedError; data: Uint8Array } {
  const { type, code, rest, body } = decodeIcmp(message);
  const before = IP_HEADER_LENGTH[family] + (UNTOLD[protocol] ?? 0);
  const quoteLength = family === 4 ? ((rest >>> 16) & 0xff) * 4 : (type === 2 ? 0 : rest >>> 24) * 8;
  const offender = { family, octets: octetsOf(ROUTER[family]), port: 0, scopeId: 0 };
  const info = family === 4 ? rest & 0xffff : rest;
  const extensionsAt = quoteLength === 0 ? 0 : quoteLength - before;
  return { error: { type, code, info, extensionsAt, offender }, data: body.slice(before) };
}

function ours(datagram: ReceivedDatagram, trace: Trace): Extract<Classified, { reply: unknown }> {
  const classified = classify(datagram, new TraceIndex([trace]));
  assert.ok('reply' in classified, JSON.stringify(classified));
  return classified;
}

describe('icmpError', () => {
  for (const family of [4, 6] as const) {
    const kinds = {
      timeExceeded: timeExceeded(family),
      portUnreachable: portUnreachable(family),
      tooBig: tooBig(family, 1300),
    };
    for (const type of [udp, udplite, icmpEcho, tcp]) {
      for (const [name, kind] of Object.entries(kinds)) {
        for (const labels of [[], LABELS]) {
          it(`is ${name} about ${type.name} over IPv${family}${labels === LABELS ? ' with labels' : ''}`, () => {
            const trace = traceOf(type, family);
            const { sent, dying } = firstProbe(trace);
            const message = messageAbout(dying, kind, labels);
            const { error, data } = told(family, sent.protocol, message);
            const datagram = icmpError(sent, error, data, FACTS);
            assert.deepEqual(datagram.octets, message);
            const { probe, reply } = ours(datagram, trace);
            assert.equal(probe.sequence, 1);
            assert.deepEqual(
              [reply.responder, reply.ttl, reply.atMs],
              [ROUTER[family], FACTS.ttl, FACTS.atMs],
            );
          });
        }
      }
    }

    it(`names the SYN of the probe, whatever port and number the kernel took over IPv${family}`, () => {
      const trace = traceOf(tcp, family);
      const { sent, dying } = firstProbe(trace);
      const { error, data } = told(family, sent.protocol, messageAbout(dying, timeExceeded(family), []));
      data.set([0xde, 0xad, 0, 80, 1, 2, 3, 4]);
      assert.equal(ours(icmpError(sent, error, data, FACTS), trace).probe.sequence, 1);
    });

    it(`has the destination that is quoted, where one was translated over IPv${family}`, () => {
      const trace = traceOf(udp, family, { flow: { fixedPort: true } });
      const { sent, dying } = firstProbe(trace);
      const { error, data } = told(family, sent.protocol, messageAbout(dying, timeExceeded(family), []));
      const quoted = { family, octets: octetsOf(OTHER[family]), port: 7, scopeId: 0 };
      const { reply } = ours(icmpError(asQuoted(sent, quoted), error, data, FACTS), trace);
      assert.deepEqual(reply.translation, { address: OTHER[family], port: 7 });
    });
  }
});

describe('answers', () => {
  for (const family of [4, 6] as const) {
    for (const state of ['open', 'closed'] as const) {
      it(`are segments of an ${state} port over IPv${family}`, () => {
        const trace = traceOf(tcp, family);
        const { sent } = firstProbe(trace);
        const { probe, reply } = ours(tcpAnswer(sent, state, FACTS), trace);
        assert.equal(probe.sequence, 1);
        assert.equal(reply.responder, TARGET[family]);
        const tcpState = state === 'open' ? { state, ecn: false } : { state };
        assert.deepEqual(reply.kind, { type: 'answer', tcp: tcpState });
      });
    }

    it(`are datagrams of a UDP service over IPv${family}`, () => {
      const trace = traceOf(udp, family);
      const { sent } = firstProbe(trace);
      const { sourcePort, destinationPort } = decodeUdp(sent.payload);
      const octets = udpAnswer(destinationPort, sourcePort, Uint8Array.of(1, 2, 3));
      const { protocol } = sent;
      const datagram = { family, protocol, source: TARGET[family], octets, hasHeader: false, ...FACTS };
      assert.equal(ours(datagram, trace).probe.sequence, 1);
    });
  }
});
