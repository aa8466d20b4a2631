/** Tests what every transport does alike, whatever it sends through. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readIcmpError } from '../../../src/engine/icmp-error.ts';
import type { OutgoingDatagram, ReceivedDatagram, Transport } from '../../../src/ports/transport.ts';
import type { Family } from '../../../src/model/address.ts';
import { decodeIcmp, ICMPV4_TYPE } from '../../../src/wire/icmpv4.ts';
import { ICMPV6_TYPE } from '../../../src/wire/icmpv6.ts';
import { IP_PROTOCOL } from '../../../src/wire/codes.ts';
import { decodeIpv4 } from '../../../src/wire/ipv4.ts';
import { decodeIpv6 } from '../../../src/wire/ipv6.ts';
import { icmpTo, udpTo, type Route } from './outgoing.ts';

/** A transport under test, and a target one hop away that answers as hosts do. */
export interface Subject {
  readonly name: Transport['name'];
  /** Tells it from another subject of the same name. */
  readonly variant?: ` ${string}`;
  readonly precision: ReceivedDatagram['precision'];
  readonly route: Readonly<Record<Family, Route>>;
  /** The IPv6 flow label to send, where the transport cannot choose one. */
  readonly flowLabel?: number;
  /** Opens it for both families. */
  open(): Promise<Transport>;
  /**
   * Opens a transport that hears errors as they arrive, where the one under test does not get the IP header that they
   * quote. Such a one cannot set the IPv4 identification and the ECN field either.
   */
  openWitness?(): Promise<Transport>;
  /** Lets time pass until the promise settles. */
  readonly settle: <T>(promise: Promise<T>) => Promise<T>;
}

const ICMP_PROTOCOLS: readonly number[] = [IP_PROTOCOL.icmp, IP_PROTOCOL.icmpv6];
/** After this long the datagrams of a test will not come. */
const TIMEOUT_MS = 10_000;

/** The next `count` datagrams. */
export function arrivals(transport: Transport, count: number): Promise<ReceivedDatagram[]> {
  const received: ReceivedDatagram[] = [];
  return new Promise((resolve) => {
    transport.onReadable(() => {
      received.push(...transport.receive());
      if (received.length >= count) resolve(received);
    });
  });
}

/** The ICMP message in a datagram. */
export function icmpOf({ octets, hasHeader }: ReceivedDatagram) {
  return decodeIcmp(hasHeader ? octets.subarray(decodeIpv4(octets).headerLength) : octets);
}

/** Echo requests with sequence numbers from 1 on. */
export function echoRequest(route: Route, sequence: number, length = 20): OutgoingDatagram {
  const { echoRequest: type } = route.to.includes(':') ? ICMPV6_TYPE : ICMPV4_TYPE;
  return icmpTo(route, { type, code: 0, rest: 0x1234_0000 + sequence, body: new Uint8Array(length) });
}

/** Sequence numbers of the replies to `echoRequest`s. Loopback's copies of the requests are left out. */
export function echoReplies(received: readonly ReceivedDatagram[]): number[] {
  const replies: readonly number[] = [ICMPV4_TYPE.echoReply, ICMPV6_TYPE.echoReply];
  const messages = received.filter(({ protocol }) => ICMP_PROTOCOLS.includes(protocol)).map(icmpOf);
  return messages.flatMap(({ type, rest }) => (replies.includes(type) ? [rest & 0xffff] : []));
}

/** Receives until this many echo replies have come. */
export async function collectReplies(transport: Transport, count: number): Promise<ReceivedDatagram[]> {
  const received: ReceivedDatagram[] = [];
  while (echoReplies(received).length < count) received.push(...(await arrivals(transport, 1)));
  return received;
}

export function conformance(subject: Subject): void {
  describe(`${subject.name} transport${subject.variant ?? ''}`, { timeout: TIMEOUT_MS }, () => {
    let transport: Transport;
    beforeEach(async () => {
      transport = await subject.open();
    });
    afterEach(() => {
      transport.close();
    });
    const { settle, route } = subject;

    it('tells its name', () => {
      assert.equal(transport.name, subject.name);
    });

    for (const family of [4, 6] as const) {
      it(`sends every field of an IPv${family} header as it was given`, async () => {
        await settle(sendsFields(subject, transport, family));
      });
    }

    it('stamps sends and what arrives on one scale, oldest first, each datagram once', async () => {
      const count = 50;
      const sentMs = Array.from({ length: count }, (_, index) => {
        const result = transport.send(echoRequest(route[4], index + 1));
        assert.ok(result.status === 'sent');
        return result.atMs;
      });
      const received = await settle(collectReplies(transport, count));
      assert.deepEqual(
        echoReplies(received),
        Array.from({ length: count }, (_, index) => index + 1),
      );
      assert.ok(received.every(({ atMs }, index) => atMs >= (received[index - 1]?.atMs ?? 0)));
      assert.ok(received.every(({ atMs }) => atMs >= (sentMs[0] ?? Infinity)));
      assert.deepEqual([...new Set(received.map(({ precision }) => precision))], [subject.precision]);
      assert.deepEqual(transport.receive(), []);
    });

    it('gives octets that later datagrams leave alone', async () => {
      transport.send(echoRequest(route[4], 1));
      const [first] = await settle(collectReplies(transport, 1));
      const before = first?.octets.slice();
      transport.send(echoRequest(route[4], 2, 200));
      await settle(collectReplies(transport, 1));
      assert.deepEqual(first?.octets, before);
    });

    it('never calls back from within a method', async () => {
      let isWithin = false;
      const seen: boolean[] = [];
      const called = new Promise<void>((resolve) => {
        transport.onReadable(() => {
          seen.push(isWithin);
          transport.receive();
          resolve();
        });
      });
      isWithin = true;
      transport.send(echoRequest(route[4], 1));
      isWithin = false;
      await settle(called);
      assert.deepEqual([...new Set(seen)], [false]);
    });

    it('may be closed twice, and does nothing after', async () => {
      let calls = 0;
      transport.send(echoRequest(route[4], 1));
      transport.onReadable(() => calls++);
      transport.close();
      transport.close();
      assert.throws(() => transport.send(echoRequest(route[4], 2)));
      assert.throws(() => transport.receive());
      const other = await subject.open();
      other.send(echoRequest(route[4], 3));
      await settle(collectReplies(other, 1));
      other.close();
      assert.equal(calls, 0);
    });
  });
}

/** The target's port unreachable quotes the probe as it arrived there. */
async function sendsFields(subject: Subject, transport: Transport, family: Family): Promise<void> {
  const route = subject.route[family];
  const witness = await subject.openWitness?.();
  const tos = witness ? 0xb8 : 0xb9;
  const fields = {
    ttl: 7,
    tos,
    identification: 0x4711,
    dontFragment: true,
    flowLabel: subject.flowLabel ?? 0xabcde,
  };
  const sent = transport.send(udpTo(route, 40_001, fields));
  assert.equal(sent.status, 'sent', JSON.stringify(sent));
  const [reply] = await arrivals(witness ?? transport, 1);
  witness?.close();
  assert.ok(reply);
  assert.deepEqual([reply.family, reply.source, reply.hasHeader], [family, route.to, family === 4]);
  const error = readIcmpError(family, icmpOf(reply));
  assert.ok(error);
  assert.equal(new DataView(error.quoted.transport.slice().buffer).getUint16(0), 40_001);
  const { flowLabel, identification, dontFragment } = fields;
  if (family === 4) {
    const quoted = decodeIpv4(error.quoted.octets);
    assert.deepEqual(
      [quoted.tos, quoted.dontFragment, quoted.identification],
      [tos, dontFragment, witness ? quoted.identification : identification],
    );
  } else {
    const quoted = decodeIpv6(error.quoted.octets);
    assert.deepEqual([quoted.trafficClass, quoted.flowLabel], [tos, flowLabel]);
  }
}
