/** Covers kernel-transport.ts, datagram-sender.ts and linux/self-test.ts beyond the suite that all transports share. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { RawOptions, ReceivedDatagram, Transport } from '../../../src/ports/transport.ts';
import { TransportError } from '../../../src/model/errors.ts';
import { openTransport } from '../../../src/net/open-transport.ts';
import { IP_PROTOCOL } from '../../../src/wire/codes.ts';
import { mustRun } from '../../lab/command.ts';
import { enterOwnNetwork, networkMissing } from '../conformance/own-network.ts';
import { rawOptions } from '../conformance/raw-options.ts';
import { outgoing } from '../conformance/outgoing.ts';
import { collectReplies, echoRequest } from '../conformance/suite.ts';
import { nowMs } from '../../../src/net/monotonic-clock.ts';

/** Much longer than loopback takes, so that a time of reading differs from one of arrival. */
const READ_AFTER_MS = 2;
/** For this long after the last socket was closed the kernel may go on stamping. Then the next socket is the first. */
const STAMPING_ENDS_MS = 20;
const LOOPBACK = { from: '127.0.0.1', to: '127.0.0.1' };

/** The raw and UDP sockets over IPv4 of this process's own network, as the kernel lists them. */
function ownSockets(): string[] {
  return ['raw', 'udp'].flatMap((kind) =>
    readFileSync(`/proc/net/${kind}`, 'utf8').trim().split('\n').slice(1),
  );
}

describe(
  'kernel transport, in a network of its own',
  { skip: networkMissing() ?? false, timeout: 10_000 },
  () => {
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    const opened: Transport[] = [];
    async function open(changes: Partial<RawOptions> = {}): Promise<Transport> {
      const transport = await openTransport(rawOptions({ warn, ...changes }));
      opened.push(transport);
      return transport;
    }
    before(enterOwnNetwork);
    afterEach(() => {
      for (const transport of opened.splice(0)) transport.close();
      warnings.length = 0;
    });

    it('is what a user gets who asks for nothing', async () => {
      assert.equal((await open()).name, 'kernel');
      assert.deepEqual(warnings, []);
    });

    it('has the arrival of the very first datagram stamped, 40 times out of 40', async () => {
      const late: number[] = [];
      for (let round = 0; round < 40; round++) {
        const transport = await open();
        transport.send(echoRequest(LOOPBACK, 1));
        const readMs = nowMs() + READ_AFTER_MS;
        while (nowMs() < readMs); // busy: the kernel gets no idle moment in which to begin
        const isLate = ({ precision, atMs }: ReceivedDatagram) => precision !== 'kernel' || atMs >= readMs;
        // both the request and the reply: a busy machine may really have brought one of them late
        if (transport.receive().every(isLate)) late.push(round);
        transport.close();
        await setTimeout(STAMPING_ENDS_MS);
      }
      assert.deepEqual(late, []);
    });

    it('sends a probe once, though it is rehearsed', async () => {
      const transport = await open();
      for (let sequence = 1; sequence <= 3; sequence++) {
        await setTimeout(1); // a pause, after which a send is rehearsed
        transport.send(echoRequest(LOOPBACK, sequence));
      }
      // each request and its reply
      assert.equal(transport.receive().length, 6);
    });

    it('ends polling when nobody reads, and takes it up again when asked', async () => {
      const transport = await open();
      let calls = 0;
      const called = new Promise<void>((resolve) => {
        transport.onReadable(() => {
          calls++;
          resolve();
        });
      });
      transport.send(echoRequest(LOOPBACK, 1));
      await called;
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(calls, 1);
      const [reply] = await collectReplies(transport, 1);
      assert.ok(reply);
    });

    it('refuses a zone that is no interface, and takes one by name or number', async () => {
      const transport = await open();
      const toLinkLocal = (zone: string) =>
        transport.send(
          outgoing({ from: 'fe80::2', to: 'fe80::1' }, 17, { zone, payload: new Uint8Array(8) }),
        );
      const refused = toLinkLocal('nowhere0');
      assert.ok(refused.status === 'failed');
      assert.equal(refused.error.code, 'ENODEV');
      assert.equal(toLinkLocal('lo').status, toLinkLocal('1').status);
    });

    it('closes its sockets', async () => {
      const open4 = (protocols: readonly number[]) => open({ families: [4], protocols });
      (await open4([])).close();
      (await open4([IP_PROTOCOL.tcp])).close();
      await assert.rejects(() => open4([1000]), TransportError);
      assert.deepEqual(ownSockets(), []);
      await open4([]);
      assert.equal(ownSockets().length, 2);
    });

    it('opens where loopback is down, and explains what could not be tested', async () => {
      mustRun('ip', ['link', 'set', 'lo', 'down']);
      try {
        const explained: string[] = [];
        const transport = await open({ explain: (message) => explained.push(message) });
        assert.equal(transport.name, 'kernel');
        assert.deepEqual(explained, [
          "the kernel's calls could not be tested over loopback: nothing arrived",
        ]);
        assert.deepEqual(warnings, []);
      } finally {
        mustRun('ip', ['link', 'set', 'lo', 'up']);
      }
    });
  },
);
