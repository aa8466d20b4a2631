/**
 * Covers the sockets of unprivileged/ and the error queues of linux/, over loopback: tables, channels, connections,
 * diversion, outbox, flow labels.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readIcmpError } from '../../../src/engine/icmp-error.ts';
import type {
  OutgoingDatagram,
  RawOptions,
  ReceivedDatagram,
  Transport,
} from '../../../src/ports/transport.ts';
import { familyOf } from '../../../src/model/address.ts';
import { MissingRightError, TransportError } from '../../../src/model/errors.ts';
import { localSockets } from '../../../src/net/host/local-sockets.ts';
import { openUnprivileged } from '../../../src/net/unprivileged/open-unprivileged.ts';
import { decodeIcmp } from '../../../src/wire/icmpv4.ts';
import { IP_PROTOCOL } from '../../../src/wire/codes.ts';
import { decodeIpv4 } from '../../../src/wire/ipv4.ts';
import { decodeTcp, encodeTcp, TCP_FLAG } from '../../../src/wire/tcp.ts';
import { decodeUdp } from '../../../src/wire/udp.ts';
import { mustRun } from '../../lab/command.ts';
import { rawOptions } from '../conformance/raw-options.ts';
import { outgoing, udpTo, type Route } from '../conformance/outgoing.ts';
import { enterOwnNetwork, networkMissing } from '../conformance/own-network.ts';
import { arrivals, echoReplies, echoRequest } from '../conformance/suite.ts';

const { udp, icmp, icmpv6, tcp, sctp } = IP_PROTOCOL;
const LOOPBACK = [
  { from: '127.0.0.1', to: '127.0.0.1' },
  { from: '::1', to: '::1' },
] as const satisfies readonly Route[];
const [LOOPBACK4] = LOOPBACK;
const CLOSED_PORT = 81;
const SILENT_PORT = 82;

const FIREWALL = `table inet counting {
  chain input { type filter hook input priority 0; tcp dport ${SILENT_PORT} counter drop; }
}`;

function optionsFor(...protocols: number[]): RawOptions {
  return rawOptions({ protocols });
}

function allowPings(range: string): void {
  mustRun('sysctl', ['-qw', `net.ipv4.ping_group_range=${range}`]);
}

/** The TCP SYN of a probe. It leaves from any port that is free. */
function synTo(route: Route, destinationPort: number, sequenceNumber: number): OutgoingDatagram {
  const header = { sourcePort: 40_000, destinationPort, sequenceNumber, acknowledgment: 0, window: 0 };
  const payload = encodeTcp({ ...header, flags: TCP_FLAG.syn, checksum: 1 }, new Uint8Array());
  return outgoing(route, tcp, { payload });
}

/** IPv4 identifications of the probes that errors quote. */
function quotedIdentifications(received: readonly ReceivedDatagram[]): number[] {
  return received.map(({ octets }) => decodeIpv4(decodeIcmp(octets).body).identification);
}

describe('unprivileged transport', { skip: networkMissing() ?? false, timeout: 20_000 }, () => {
  let transport: Transport;
  let server: Server;
  let openPort = 0;
  before(async () => {
    enterOwnNetwork();
    allowPings('0 2147483647');
    mustRun('nft', ['-f', '-'], FIREWALL);
    server = createServer((socket) => socket.on('error', () => undefined).end());
    await once(server.listen(0, '::'), 'listening');
    openPort = (server.address() as AddressInfo).port; // it listens on an address
  });
  after(() => {
    server.close();
  });
  beforeEach(() => {
    transport = openUnprivileged(optionsFor(udp, icmp, icmpv6, tcp));
  });
  afterEach(() => {
    transport.close();
  });

  for (const route of LOOPBACK) {
    const family = familyOf(route.to);
    describe(`over IPv${family}`, () => {
      it('hears the error for a UDP probe, with its TTL and the stamp of the kernel', async () => {
        const result = transport.send(udpTo(route, 40_001, { flowLabel: 0xabcde, tos: 0xb8, ttl: 9 }));
        assert.ok(result.status === 'sent');
        const [reply] = await arrivals(transport, 1);
        assert.ok(reply);
        const { source, hasHeader, precision, ttl, atMs, octets } = reply;
        assert.deepEqual([source, hasHeader, precision, ttl], [route.to, false, 'kernel', 64]);
        assert.ok(atMs > result.atMs);
        const error = readIcmpError(family, decodeIcmp(octets));
        assert.ok(error);
        assert.deepEqual([error.quoted.tos, decodeUdp(error.quoted.transport).sourcePort], [0xb8, 40_001]);
      });

      it('hears echo replies to identifiers of our own', async () => {
        for (const sequence of [1, 2, 3]) transport.send(echoRequest(route, sequence));
        const received = await arrivals(transport, 3);
        assert.deepEqual(echoReplies(received), [1, 2, 3]);
        const identifiers = received.map(({ octets }) => decodeIcmp(octets).rest >>> 16);
        assert.deepEqual(identifiers, [0x1234, 0x1234, 0x1234]);
        assert.ok(received.every(({ precision, ttl }) => precision === 'kernel' && ttl === 64));
      });

      it('tells open ports from closed ones, each probe by its number, many at once', async () => {
        const count = 40;
        for (let number = 0; number < count; number++) {
          transport.send(synTo(route, number % 2 === 0 ? openPort : CLOSED_PORT, number));
        }
        const segments = (await arrivals(transport, count)).map(({ octets }) => decodeTcp(octets));
        const states = segments.map(({ acknowledgment, flags }) => [
          acknowledgment - 1,
          flags & TCP_FLAG.rst,
        ]);
        assert.deepEqual(
          states.sort(([a = 0], [b = 0]) => a - b),
          Array.from({ length: count }, (_, number) => [number, number % 2 === 0 ? 0 : TCP_FLAG.rst]),
        );
      });

      it('hands out the answer of a UDP service as the datagram it was', async () => {
        const service = createSocket(family === 4 ? 'udp4' : 'udp6');
        service.on('message', (_message, { port, address }) => {
          service.send('pong', port, address);
        });
        service.bind(33_435, route.to);
        await once(service, 'listening');
        transport.send(udpTo(route, 40_002));
        const [reply] = await arrivals(transport, 1);
        service.close();
        assert.ok(reply);
        const { sourcePort, destinationPort, lengthOrCoverage } = decodeUdp(reply.octets);
        assert.deepEqual(
          [reply.protocol, sourcePort, destinationPort, lengthOrCoverage],
          [udp, 33_435, 40_002, 12],
        );
      });
    });
  }

  it('loses none of many probes in flight, whatever errors are pending', async () => {
    const count = 300;
    const identifications = Array.from({ length: count }, (_, index) => index);
    for (const identification of identifications) {
      const probe = udpTo(LOOPBACK4, 41_000 + (identification % 7), { identification });
      assert.equal(transport.send(probe).status, 'sent');
    }
    const received = await arrivals(transport, count);
    assert.deepEqual(
      quotedIdentifications(received).sort((a, b) => a - b),
      identifications,
    );
    assert.deepEqual(transport.receive(), []);
  });

  it('takes over the port that was reserved for the run', async () => {
    const reserved = await localSockets.reserveUdpPort('::', 0);
    assert.equal(transport.send(udpTo(LOOPBACK4, reserved.port)).status, 'sent');
    const [reply] = await arrivals(transport, 1);
    assert.ok(reply);
    assert.equal(decodeUdp(decodeIcmp(reply.octets).body.subarray(20)).sourcePort, reserved.port);
    reserved.release();
  });

  it('leaves the ports of others alone', async () => {
    const other = createSocket('udp4').bind(0, '127.0.0.1');
    await once(other, 'listening');
    const result = transport.send(udpTo(LOOPBACK4, other.address().port));
    other.close();
    assert.ok(result.status === 'failed' && result.error.code === 'EADDRINUSE');
  });

  it('lives through garbage collection that nobody holds it against', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void; // what the flag defines
    const service = createSocket('udp4');
    service.on('message', (_message, { port, address }) => {
      setImmediate(() => {
        collect();
        service.send('pong', port, address);
      });
    });
    service.bind(33_435, LOOPBACK4.to);
    await once(service, 'listening');
    const answer = await new Promise((resolve) => {
      const forgotten = openUnprivileged(optionsFor(udp));
      forgotten.onReadable(() => {
        const [reply] = forgotten.receive();
        if (!reply) return;
        forgotten.close();
        resolve(reply.source);
      });
      forgotten.send(udpTo(LOOPBACK4, 40_005));
    });
    service.close();
    assert.equal(answer, LOOPBACK4.to);
  });

  it('sends each SYN once, whatever the kernel would do', async () => {
    transport.send(synTo(LOOPBACK4, SILENT_PORT, 1));
    await pause(1200); // the kernel sends again after 1 s
    assert.match(mustRun('nft', ['list', 'ruleset']), /counter packets 1 /);
    assert.deepEqual(transport.receive(), []);
  });

  it('says, with what to do, that a probe takes a raw socket', () => {
    const result = transport.send(outgoing(LOOPBACK4, sctp));
    assert.ok(result.status === 'failed' && result.error instanceof MissingRightError);
    assert.match(
      result.error.message,
      /^IP protocol 132: cannot open a raw socket: EPERM \(run as root, or give it the right as .*\)$/,
    );
  });

  it('does not open for protocols that no socket has, nor for ICMP alone where groups may not ping', () => {
    for (const protocols of [[], [sctp]]) {
      assert.throws(() => openUnprivileged(optionsFor(...protocols)), { code: 'EPERM' });
    }
    allowPings('1 0');
    assert.throws(() => openUnprivileged(optionsFor(icmp, icmpv6)), { code: 'EACCES' });
    allowPings('0 2147483647');
  });

  it('serves what it can besides protocols that no socket has, and ICMP where groups may not ping', async () => {
    allowPings('1 0');
    const some = openUnprivileged(optionsFor(udp, icmp, icmpv6, sctp));
    const result = some.send(echoRequest(LOOPBACK4, 1));
    assert.ok(result.status === 'failed' && result.error instanceof MissingRightError);
    assert.match(result.error.message, /EACCES \(run as root, or .*net\.ipv4\.ping_group_range\)$/);
    some.send(udpTo(LOOPBACK4, 40_004, { identification: 77 }));
    assert.deepEqual(quotedIdentifications(await arrivals(some, 1)), [77]);
    some.close();
    allowPings('0 2147483647');
  });

  it('may be closed twice, and does nothing after', () => {
    transport.close();
    transport.close();
    assert.throws(() => transport.send(udpTo(LOOPBACK4, 40_003)), TransportError);
    assert.throws(() => transport.receive(), TransportError);
  });
});
