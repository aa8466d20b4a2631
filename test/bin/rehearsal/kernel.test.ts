/** The kernel in memory, seen through the transport that runs over it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { koffiOver } from '../../../src/bin/rehearsal/koffi.ts';
import { Kernel } from '../../../src/bin/rehearsal/kernel.ts';
import { SOURCE, TARGET } from '../../../src/bin/rehearsal/path.ts';
import { octetsOf } from '../../../src/model/address.ts';
import type { Koffi } from '../../../src/net/linux/koffi.ts';
import { platformLayout } from '../../../src/net/linux/layout.ts';
import { Libc } from '../../../src/net/linux/libc.ts';
import { libcSockets } from '../../../src/net/host/libc-sockets.ts';
import { KernelTransport } from '../../../src/net/raw/kernel-transport.ts';
import type { ReceivedDatagram } from '../../../src/ports/transport.ts';
import { decodeIcmp, ICMPV4_TYPE } from '../../../src/wire/icmpv4.ts';
import { decodeIpv4 } from '../../../src/wire/ipv4.ts';

const layout = platformLayout('linux', 'x64');
assert.ok(layout);

function openLibc(): Libc {
  assert.ok(layout);
  return new Libc(koffiOver(new Kernel(layout)) as unknown as Koffi, layout); // as much of it as src/net/linux/ uses
}

function openTransport(): KernelTransport {
  const options = { families: [4, 6] as const, protocols: [], dontRoute: false, debug: false };
  return new KernelTransport(openLibc(), { transport: 'kernel', ...options });
}

/** Sends a UDP probe and waits for what the path says. */
async function answersTo(ttl: number): Promise<readonly ReceivedDatagram[]> {
  const transport = openTransport();
  const target = new EventTarget();
  const readable = once(target, 'readable');
  transport.onReadable(() => target.dispatchEvent(new Event('readable')));
  const [source, destination] = [octetsOf(SOURCE), octetsOf(TARGET)];
  const header = { tos: 0, flowLabel: 0, identification: 7, dontFragment: false, options: new Uint8Array(0) };
  const payload = Uint8Array.of(0x82, 0x9b, 0x82, 0x9a, 0, 8, 0, 0); // an empty UDP datagram
  const sent = transport.send({ family: 4, source, destination, protocol: 17, ttl, ...header, payload });
  assert.equal(sent.status, 'sent');
  await readable;
  const received = transport.receive();
  transport.close();
  return received;
}

describe('the kernel of the rehearsal', () => {
  it('passes the self-test of the kernel transport, stamps included', () => {
    const transport = openTransport();
    assert.equal(transport.stampsArrivals, true);
    transport.close();
  });

  for (const [ttl, responder, type] of [
    [1, '192.0.2.1', ICMPV4_TYPE.timeExceeded],
    [2, '203.0.113.1', ICMPV4_TYPE.timeExceeded],
    [3, TARGET, ICMPV4_TYPE.destinationUnreachable],
    [30, TARGET, ICMPV4_TYPE.destinationUnreachable],
  ] as const) {
    it(`answers a probe of TTL ${ttl} once, from ${responder}`, async () => {
      const [answer, ...others] = await answersTo(ttl);
      assert.ok(answer);
      assert.deepEqual(others, []);
      assert.deepEqual([answer.source, answer.precision], [responder, 'kernel']);
      const header = decodeIpv4(answer.octets);
      const message = decodeIcmp(answer.octets.subarray(header.headerLength));
      assert.deepEqual(
        [message.type, header.ttl, answer.ttl],
        [type, 65 - Math.min(ttl, 3), 65 - Math.min(ttl, 3)],
      );
      assert.equal(decodeIpv4(message.body).identification, 7);
    });
  }

  it('gives a datagram socket the source of the path', async () => {
    assert.equal(await libcSockets(openLibc()).sourceTowards(TARGET), SOURCE);
  });

  it('says that nothing has arrived as a kernel does', () => {
    const transport = openTransport();
    assert.deepEqual(transport.receive(), []);
    transport.close();
  });

  it('refuses a function of the C library that no rehearsal needs', () => {
    assert.throws(
      () => openLibc().call('epoll_create1'),
      /^Error: the rehearsal has no function epoll_create1$/,
    );
  });
});
