import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeDatagram } from '../../src/engine/encode-datagram.ts';
import { TransportError } from '../../src/model/errors.ts';
import { FragmentedSend } from '../../src/net/fragmented-send.ts';
import type { SendResult } from '../../src/ports/transport.ts';
import { echoRequest } from './conformance/suite.ts';

const ROUTE = {
  4: { from: '192.0.2.1', to: '198.51.100.7' },
  6: { from: '2001:db8::1', to: '2001:db8::2' },
} as const;

/** A system whose interface takes so many octets at once, and what it has sent. */
function systemOf(mtu: number) {
  const sent: number[] = [];
  let refused = 0;
  const send = ({ length }: Uint8Array): SendResult => {
    if (length > mtu) {
      refused++;
      return { status: 'failed', error: new TransportError('EMSGSIZE', 'Message too long') };
    }
    sent.push(length);
    return { status: 'sent', atMs: sent.length };
  };
  return { sent, send, refusals: () => refused };
}

describe('a datagram', () => {
  for (const family of [4, 6] as const) {
    const datagram = echoRequest(ROUTE[family], 1, 4000);
    const octets = encodeDatagram(datagram);

    it(`leaves whole over IPv${family} where there is room`, () => {
      const { sent, send } = systemOf(9000);
      assert.deepEqual(new FragmentedSend().send(datagram, octets, send), { status: 'sent', atMs: 1 });
      assert.deepEqual(sent, [octets.length]);
    });

    it(`is stamped over IPv${family} when its first fragment leaves, of the most that there is room for`, () => {
      const { sent, send } = systemOf(1500);
      assert.deepEqual(new FragmentedSend().send(datagram, octets, send), { status: 'sent', atMs: 1 });
      assert.equal(sent.length, 3);
      assert.ok(sent.slice(0, 2).every((length) => length > 1490 && length <= 1500));
    });

    it(`is refused over IPv${family} where it may not be cut, and where nothing is taken`, () => {
      for (const [mtu, dontFragment] of [
        [1500, true],
        [60, false],
      ] as const) {
        const { sent, send } = systemOf(mtu);
        const result = new FragmentedSend().send({ ...datagram, dontFragment }, octets, send);
        assert.ok(result.status === 'failed');
        assert.equal(result.error.code, 'EMSGSIZE');
        assert.deepEqual(sent, []);
      }
    });
  }

  it('gets through an interface of an MTU that no list has', () => {
    const { sent, send } = systemOf(1337);
    const datagram = echoRequest(ROUTE[6], 1, 4000);
    assert.equal(new FragmentedSend().send(datagram, encodeDatagram(datagram), send).status, 'sent');
    assert.ok(sent.every((length) => length <= 1280));
  });

  it('is told to be busy where a later fragment finds no room', () => {
    let sends = 0;
    const send = ({ length }: Uint8Array): SendResult => {
      if (length > 1500) return systemOf(1500).send(new Uint8Array(length));
      return sends++ === 0 ? { status: 'sent', atMs: 1 } : { status: 'busy' };
    };
    const datagram = echoRequest(ROUTE[4], 1, 4000);
    const result = new FragmentedSend().send(datagram, encodeDatagram(datagram), send);
    assert.deepEqual(result, { status: 'busy' });
  });
});
