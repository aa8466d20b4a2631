/** Covers local-sockets.ts, libc-sockets.ts, node-sockets.ts and udp-reservations.ts, over loopback alone. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, it } from 'node:test';
import { TransportError } from '../../../src/model/errors.ts';
import { localSockets } from '../../../src/net/host/local-sockets.ts';
import { nodeSockets } from '../../../src/net/host/node-sockets.ts';

const HERE = '127.0.0.1';

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof TransportError && error.code === code;
}

for (const [name, sockets] of Object.entries({ preferred: localSockets, node: nodeSockets })) {
  const { reserveTcpPort, reserveUdpPort, sourceTowards } = sockets;
  describe(`local sockets, ${name}`, () => {
    describe('reserveTcpPort', () => {
      it('takes the port that is wanted, or any', async () => {
        const reserved = await reserveTcpPort(HERE, 0);
        assert.ok(reserved.port > 0);
        reserved.release();
        const again = await reserveTcpPort(HERE, reserved.port);
        assert.equal(again.port, reserved.port);
        again.release();
      });

      it('does not listen: the kernel resets who connects', async () => {
        const reserved = await reserveTcpPort(HERE, 0);
        const [error] = (await once(connect(reserved.port, HERE), 'error')) as [NodeJS.ErrnoException]; // what errors carry
        assert.equal(error.code, 'ECONNREFUSED');
        reserved.release();
      });

      it('refuses a port on which another program listens', async () => {
        const server = createServer().listen(0, HERE);
        await once(server, 'listening');
        const address = server.address();
        assert.ok(address !== null && typeof address === 'object');
        await assert.rejects(async () => reserveTcpPort(HERE, address.port), hasCode('EADDRINUSE'));
        server.close();
      });

      const skip = name === 'node' && 'libuv lets them share it';
      it('refuses the port of another run', { skip }, async () => {
        const other = await reserveTcpPort('::', 0);
        await assert.rejects(async () => reserveTcpPort('::', other.port), hasCode('EADDRINUSE'));
        other.release();
      });

      it('tells an address that is not of this machine from a port that is taken', async () => {
        await assert.rejects(async () => reserveTcpPort('192.0.2.1', 0), hasCode('EADDRNOTAVAIL'));
      });
    });

    describe('reserveUdpPort', () => {
      it('takes a port that nobody else gets, until it is released', async () => {
        const reserved = await reserveUdpPort(HERE, 0);
        assert.ok(reserved.port > 0);
        await assert.rejects(async () => reserveUdpPort(HERE, reserved.port), hasCode('EADDRINUSE'));
        reserved.release();
      });

      it('refuses the port of another program', async () => {
        const other = createSocket('udp4').bind(0, HERE);
        await once(other, 'listening');
        await assert.rejects(async () => reserveUdpPort(HERE, other.address().port), hasCode('EADDRINUSE'));
        other.close();
      });

      it('refuses an address that is not of this machine', async () => {
        await assert.rejects(async () => reserveUdpPort('192.0.2.1', 0), hasCode('EADDRNOTAVAIL'));
      });
    });

    describe('sourceTowards', () => {
      for (const destination of [HERE, '127.5.5.5']) {
        it(destination, async () => {
          assert.equal(await sourceTowards(destination), HERE);
        });
      }

      it('tells in words of the system why there is none', async () => {
        // a connected socket without SO_BROADCAST may not have the broadcast address as its peer
        await assert.rejects(
          async () => sourceTowards('255.255.255.255'),
          (error) => {
            assert.ok(error instanceof TransportError);
            assert.equal(error.code, 'EACCES');
            assert.equal(error.message, 'Permission denied');
            return true;
          },
        );
      });
    });
  });
}
