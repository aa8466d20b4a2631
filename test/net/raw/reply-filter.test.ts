/** Covers reply-filter.ts and linux/packet-filter.ts: the kernel lets every reply pass, and nothing else. */
import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, it } from 'node:test';
import { classify } from '../../../src/engine/classify.ts';
import { encodeDatagram } from '../../../src/engine/encode-datagram.ts';
import type { OutgoingDatagram, ReceivedDatagram, Transport } from '../../../src/ports/transport.ts';
import type { ProbeType } from '../../../src/engine/probe-type.ts';
import type { Trace } from '../../../src/engine/trace.ts';
import { TraceIndex } from '../../../src/engine/trace-index.ts';
import { octetsOf, type Family } from '../../../src/model/address.ts';
import { openTransport } from '../../../src/net/open-transport.ts';
import { ICMPV4_TYPE } from '../../../src/wire/icmpv4.ts';
import { ICMPV6_TYPE } from '../../../src/wire/icmpv6.ts';
import { IP_PROTOCOL } from '../../../src/wire/codes.ts';
import { probeTypes } from '../../../probes/index.ts';
import { OTHER, sendProbes, traceOf } from '../../engine/make-trace.ts';
import { withChecksum } from '../../sim/transport-checksum.ts';
import { enterOwnNetwork, networkMissing } from '../conformance/own-network.ts';
import { rawOptions } from '../conformance/raw-options.ts';
import { icmpTo, outgoing, type Route } from '../conformance/outgoing.ts';

/** Errors and answers go over loopback. Only the quotes contain the probes' own source. */
const LOOPBACK: Readonly<Record<Family, Route>> = {
  4: { from: '127.0.0.1', to: '127.0.0.1' },
  6: { from: '::1', to: '::1' },
};
const [udp] = probeTypes;
const FAMILIES = [4, 6] as const;
const GENERIC_PROTOCOL = 253; // RFC 3692: for experiments
const NO_OPERATIONS = new Uint8Array(8).fill(1); // RFC 791 section 3.1

interface Change {
  readonly flow?: Partial<Trace['spec']['flow']>;
}

function traceTo(type: ProbeType, family: Family, change: Change = {}): Trace {
  const flow = { protocol: GENERIC_PROTOCOL, ...change.flow };
  return traceOf(type, family, { target: LOOPBACK[family].to, flow });
}

/** Time exceeded about a probe, of which `length` octets are quoted. */
function errorAbout(family: Family, quote: Uint8Array, length = quote.length): OutgoingDatagram {
  const { timeExceeded: type } = family === 4 ? ICMPV4_TYPE : ICMPV6_TYPE;
  return icmpTo(LOOPBACK[family], { type, code: 0, rest: 0, body: quote.subarray(0, length) });
}

/** The trace's first probes as they are on the wire, without and with IP options or an extension header. */
function probesOf(trace: Trace): Uint8Array[] {
  const plain = sendProbes(trace, 3).map(({ octets }) => octets);
  const [first] = plain;
  assert.ok(first);
  return [...plain, trace.family === 4 ? withOptions(trace) : withDestinationOptions(first)];
}

function withOptions(trace: Trace): Uint8Array {
  const probe = trace.scheduler.probe(1);
  assert.ok(probe);
  return encodeDatagram({ ...trace.datagram(probe), options: NO_OPERATIONS });
}

/** Puts a destination options header of 8 octets into an IPv6 datagram. RFC 8200 section 4.6 */
function withDestinationOptions(octets: Uint8Array): Uint8Array {
  const nextHeader = octets[6] ?? 0;
  const header = Uint8Array.of(nextHeader, 0, 1, 4, 0, 0, 0, 0);
  const longer = Uint8Array.from([...octets.subarray(0, 40), ...header, ...octets.subarray(40)]);
  longer[6] = IP_PROTOCOL.destinationOptions;
  new DataView(longer.buffer).setUint16(4, longer.length - 40);
  return longer;
}

/** The target's answer to a probe in its own protocol: ports swapped, or an echo reply. */
function answerTo(trace: Trace, sequence: number, route: Route): OutgoingDatagram {
  const probe = trace.scheduler.probe(sequence);
  assert.ok(probe);
  const payload = trace.datagram(probe).payload.slice();
  const { family, protocol } = trace;
  if (trace.spec.probeType.name === 'icmp') {
    const { echoReply: type } = family === 4 ? ICMPV4_TYPE : ICMPV6_TYPE;
    const rest = new DataView(payload.buffer).getUint32(4);
    return icmpTo(route, { type, code: 0, rest, body: payload.subarray(8) });
  }
  const [a = 0, b = 0, c = 0, d = 0] = payload;
  payload.set([c, d, a, b]);
  return outgoing(route, protocol, { payload });
}

/** An ICMPv6 message with other octets, and the right checksum of those. */
function withChecksum6(message: OutgoingDatagram, payload: Uint8Array): OutgoingDatagram {
  const { source, destination } = message;
  const summed = withChecksum({ source, destination }, IP_PROTOCOL.icmpv6, payload.slice());
  return { ...message, payload: summed };
}

/** Time exceeded about the trace's first probe. */
function firstError(trace: Trace): OutgoingDatagram {
  const [probe] = sendProbes(trace, 1);
  assert.ok(probe);
  return errorAbout(trace.family, probe.octets);
}

describe('reply filter', { skip: networkMissing() ?? false, timeout: 30_000 }, () => {
  before(enterOwnNetwork);
  let transport: Transport;
  /** Sends. It has no filter of its own. */
  let network: Transport;

  async function open(protocols: readonly number[], overhears = false): Promise<Transport> {
    return await openTransport(rawOptions({ transport: 'kernel', protocols, overhears }));
  }
  beforeEach(async () => {
    network = await open([]);
  });
  afterEach(() => {
    transport.close();
    network.close();
  });

  function send(datagrams: readonly OutgoingDatagram[]): void {
    for (const datagram of datagrams) assert.equal(network.send(datagram).status, 'sent');
  }

  /** Receives until this many datagrams have come. */
  function receive(count: number, from = transport): Promise<ReceivedDatagram[]> {
    const received: ReceivedDatagram[] = [];
    return new Promise((resolve) => {
      from.onReadable(() => {
        received.push(...from.receive());
        if (received.length >= count) resolve(received);
      });
    });
  }

  for (const type of probeTypes) {
    for (const family of FAMILIES) {
      it(`passes errors about ${type.name} probes of IPv${family}, and no others`, async () => {
        const trace = traceTo(type, family);
        transport = await open([]);
        transport.narrow?.([trace.expectedReplies]);
        const { flow } = trace.spec;
        const { count = 0 } = trace.expectedReplies.ident ?? {};
        // the identifications of IPv4 begin at random too
        const firstIdentification = (flow.firstIdentification + 0x4000) & 0xffff;
        const strangers = [
          traceTo(type, family, {
            flow: { ident: (flow.ident + count + 100) & 0xffff, firstIdentification },
          }),
          traceTo(type, family, { flow: { ident: (flow.ident - 100) & 0xffff, firstIdentification } }),
        ].flatMap((other) => sendProbes(other, 3).map(({ octets }) => errorAbout(family, octets)));
        const probes = probesOf(trace);
        const whole = probes.map((octets) => errorAbout(family, octets));
        // over IPv6 so few octets of some types prove nothing
        const least = family === 4 ? 20 + 8 : 40 + 16;
        const short = probes.slice(0, 3).map((octets) => errorAbout(family, octets, least));
        // a NAT that does not restore quotes leaves them from another source
        const translated = sendProbes(
          traceTo(type, family, { flow: { source: octetsOf(OTHER[family]) } }),
          3,
        );
        const foreign = translated.map(({ octets }) => errorAbout(family, octets));
        const wanted = [...whole, ...short, ...foreign];
        send([...strangers, ...wanted, ...strangers]);
        const received = await receive(wanted.length);
        const index = new TraceIndex([trace]);
        const sequences = received.map((datagram) => {
          const classified = classify(datagram, index);
          return 'probe' in classified ? classified.probe.sequence : undefined;
        });
        assert.deepEqual(sequences, [1, 2, 3, 1, 1, 2, 3, 1, 2, 3]);
      });
    }
  }

  for (const type of probeTypes.filter((type: ProbeType) => type.identifyDirect !== undefined)) {
    for (const family of FAMILIES) {
      it(`passes answers to ${type.name} probes of IPv${family}, and no others`, async () => {
        const trace = traceTo(type, family);
        const { protocol } = trace;
        transport = await open([protocol]);
        transport.narrow?.([trace.expectedReplies]);
        sendProbes(trace, 3);
        const other = traceTo(type, family, { flow: { ident: (trace.spec.flow.ident - 100) & 0xffff } });
        sendProbes(other, 3);
        const strangers = [1, 2, 3].map((sequence) => answerTo(other, sequence, LOOPBACK[family]));
        if (family === 4 && !type.answersFromAnywhere)
          strangers.push(answerTo(trace, 1, { from: '127.0.0.2', to: '127.0.0.1' }));
        const wanted = [1, 2, 3].map((sequence) => answerTo(trace, sequence, LOOPBACK[family]));
        send([...strangers, ...wanted, ...strangers]);
        const received = await receive(wanted.length);
        assert.deepEqual(
          received.map((datagram) => datagram.octets.subarray(family === 4 ? 20 : 0)),
          wanted.map(({ payload }) => payload),
        );
      });
    }
  }

  it('keeps a flood from waking the program, and from crowding out a reply', async () => {
    const trace = traceTo(udp, 4);
    transport = await open([IP_PROTOCOL.tcp]);
    transport.narrow?.([trace.expectedReplies]);
    const foreign = [
      icmpTo(LOOPBACK[4], { type: ICMPV4_TYPE.echoRequest, code: 0, rest: 1, body: new Uint8Array(56) }),
      firstError(traceTo(udp, 4, { flow: { ident: 77, firstIdentification: 0xf000 } })),
      outgoing(LOOPBACK[4], IP_PROTOCOL.tcp, { payload: new Uint8Array(20) }),
    ];
    const wanted = firstError(trace);
    let wakes = 0;
    let received: readonly ReceivedDatagram[] = [];
    const done = new Promise<void>((resolve) => {
      transport.onReadable(() => {
        wakes++;
        received = transport.receive();
        resolve();
      });
    });
    for (let round = 0; round < 5000; round++) send(foreign);
    // time for a wake-up that must not come
    await new Promise((resolve) => setImmediate(resolve));
    send([wanted]);
    await done;
    assert.equal(wakes, 1);
    assert.deepEqual(
      received.map(({ octets }) => octets.subarray(20)),
      [wanted.payload],
    );
  });

  for (const family of FAMILIES) {
    it(`hands out all else over IPv${family}, once, where that is wanted`, async () => {
      const trace = traceTo(udp, family);
      transport = await open([], true);
      transport.narrow?.([trace.expectedReplies]);
      const error = firstError(trace);
      const stranger = firstError(
        traceTo(udp, family, { flow: { ident: 77, initialSequence: 0xf000_0000 } }),
      );
      const echo = icmpTo(LOOPBACK[family], {
        type: family === 4 ? 0 : 129,
        code: 0,
        rest: 1,
        body: new Uint8Array(8),
      });
      // of a message without its 8 octets of header the kernel tells no raw socket
      const cuts = [8, 9, 20, 27, 28, 30, 36].map((length) => error.payload.slice(0, length));
      const cut = cuts.map((payload) =>
        family === 4 ? { ...error, payload } : withChecksum6(error, payload),
      );
      const sent = [stranger, error, ...cut, echo];
      send(sent);
      const received = await receive(sent.length);
      const texts = (all: readonly Uint8Array[]): string[] => all.map((each) => each.join()).sort();
      assert.deepEqual(
        texts(received.map(({ octets }) => octets.subarray(family === 4 ? 20 : 0))),
        texts(sent.map(({ payload }) => payload)),
      );
    });
  }

  it('reads a few at a time of a flood that is wanted, and all replies', async () => {
    const trace = traceTo(udp, 4);
    transport = await open([], true);
    transport.narrow?.([trace.expectedReplies]);
    const echo = icmpTo(LOOPBACK[4], { type: 0, code: 0, rest: 1, body: new Uint8Array(8) });
    for (let count = 0; count < 5000; count++) send([echo]);
    const replies = Array.from({ length: 100 }, () => firstError(traceTo(udp, 4)));
    send(replies);
    const isReply = ({ octets }: ReceivedDatagram) => octets[20] === ICMPV4_TYPE.timeExceeded;
    const read = transport.receive();
    assert.equal(read.filter(isReply).length, replies.length);
    assert.ok(read.length > replies.length && read.length < 2 * replies.length, `${read.length}`);
  });

  it('drops what had arrived before it', async () => {
    transport = await open([]);
    send([icmpTo(LOOPBACK[4], { type: 0, code: 0, rest: 1, body: new Uint8Array(8) })]);
    transport.narrow?.([traceTo(udp, 4).expectedReplies]);
    assert.deepEqual(transport.receive(), []);
  });

  it('serves many traces at once, and lets all through when they are too many for a filter', async () => {
    const idents = Array.from({ length: 40 }, (_, index) => 1000 * (index + 1));
    const traces = idents.map((ident) => traceTo(udp, 4, { flow: { ident } }));
    const expected = traces.map(({ expectedReplies }) => expectedReplies);
    transport = await open([]);
    transport.narrow?.(expected);
    const unfiltered = await open([]);
    unfiltered.narrow?.([expected, expected, expected, expected].flat());
    const stranger = traceTo(udp, 4, { flow: { ident: 65_000, firstIdentification: 0xf000 } });
    send([stranger, ...traces].map(firstError));
    assert.equal((await receive(40)).length, 40);
    assert.equal((await receive(41, unfiltered)).length, 41);
    unfiltered.close();
  });
});
