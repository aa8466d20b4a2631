import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IP_PROTOCOL } from '../../../src/wire/codes.ts';
import { encodeTcp, TCP_FLAG } from '../../../src/wire/tcp.ts';
import { beyondSockets, isServed, witnessProtocols } from '../../../src/net/unprivileged/limits.ts';
import type { OutgoingDatagram } from '../../../src/ports/transport.ts';
import { outgoing, udpTo } from '../conformance/outgoing.ts';

const ROUTE = { from: '192.0.2.1', to: '198.51.100.9' };

function segment(flags: number, changes: Partial<OutgoingDatagram> = {}, data = 0, checksum = 1) {
  const header = { sourcePort: 1, destinationPort: 2, sequenceNumber: 3, acknowledgment: 0, window: 0 };
  const payload = encodeTcp({ ...header, flags, checksum }, new Uint8Array(data));
  return outgoing(ROUTE, IP_PROTOCOL.tcp, { payload, ...changes });
}

describe('what sockets without rights cannot send', () => {
  for (const [what, datagram, said] of [
    ['UDP with any TOS', udpTo(ROUTE, 40_000, { tos: 0xfc }), undefined],
    ['a SYN', segment(TCP_FLAG.syn, { tos: 0x10 }), undefined],
    ['an ACK', segment(TCP_FLAG.ack), 'TCP control bits besides SYN'],
    ['a SYN that asks for ECN', segment(TCP_FLAG.syn | TCP_FLAG.ece), 'TCP control bits besides SYN'],
    ['a SYN with data', segment(TCP_FLAG.syn, {}, 8), 'a SYN with data'],
    ['a SYN without a checksum', segment(TCP_FLAG.syn, {}, 0, 0), 'TCP without a checksum'],
    ['ECT(1)', udpTo(ROUTE, 40_000, { tos: 1 }), 'an ECN field'],
    ['a source route', udpTo(ROUTE, 40_000, { options: new Uint8Array(8) }), 'IP options'],
    ['GRE', outgoing(ROUTE, IP_PROTOCOL.gre), 'IP protocol 47'],
  ] as const) {
    it(`is ${said === undefined ? 'not' : ''} ${what}`, () => {
      assert.equal(beyondSockets(datagram), said);
    });
  }

  it('tells by the protocol whether there are sockets at all', () => {
    const { udp, udplite, icmp, icmpv6, tcp, sctp, gre } = IP_PROTOCOL;
    assert.deepEqual([udp, udplite, icmp, icmpv6, tcp, sctp, gre].map(isServed), [
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('tries a datagram socket for each protocol of a family, of UDP for TCP', () => {
    const { udp, icmp, icmpv6, tcp } = IP_PROTOCOL;
    assert.deepEqual(witnessProtocols(4, [icmp, icmpv6]), [icmp]);
    assert.deepEqual(witnessProtocols(6, [icmp, icmpv6, tcp, udp]), [icmpv6, udp]);
  });
});
