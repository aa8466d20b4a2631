import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { octetsOf } from '../../../src/model/address.ts';
import { encodeRouteRequest, type RouteQuery } from '../../../src/net/linux/route-request.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
/** Octets as text, with what is between them for the eye alone. */
const golden = (...parts: readonly string[]): string => parts.join('').replaceAll(' ', '');

const TO_4 = { family: 4, destination: octetsOf('10.99.0.1') } as const satisfies RouteQuery;
const TO_6 = { family: 6, destination: octetsOf('fd99::1') } as const satisfies RouteQuery;

describe('a question for a route', () => {
  // as "ip route get 10.99.0.1 from 10.1.0.2 ipproto tcp sport 40000 dport 443 tos 0x10" sends it, by strace
  it('has a flow of TCP over IPv4 with its ports in network order', () => {
    const source = octetsOf('10.1.0.2');
    const flow = { protocol: 6, sourcePort: 40_000, destinationPort: 443, tos: 0x11 };
    assert.equal(
      hex(encodeRouteRequest({ ...TO_4, source, ...flow })),
      golden(
        '44000000 1a00 0100 00000000 00000000', // 68 octets, RTM_GETROUTE, NLM_F_REQUEST
        '02 20 20 10 00000000 00100000', // AF_INET, /32 from /32, TOS without ECN; the answer tells the table
        '0800 0100 0a630001', // RTA_DST
        '0800 0200 0a010002', // RTA_SRC
        '0500 1b00 06000000', // RTA_IP_PROTO, padded
        '0600 1c00 9c400000', // RTA_SPORT, padded
        '0600 1d00 01bb0000', // RTA_DPORT, padded
      ),
    );
  });

  it('has interface, mark, user and flow label over IPv6', () => {
    const rest = { outInterface: 7, mark: 0xffff_fffe, uid: 1000, flowLabel: 0x12345, asConfigured: true };
    assert.equal(
      hex(encodeRouteRequest({ ...TO_6, ...rest })),
      golden(
        '50000000 1a00 0100 00000000 00000000',
        '0a 80 00 00 00000000 00200000', // AF_INET6, /128; the route as it is configured
        '1400 0100 fd990000000000000000000000000001',
        '0800 0400 07000000', // RTA_OIF
        '0800 1000 feffffff', // RTA_MARK
        '0800 1900 e8030000', // RTA_UID
        '0800 1f00 00012345', // RTA_FLOWLABEL
      ),
    );
  });

  it('leaves out a protocol that the kernel does not take, and its ports', () => {
    const plain = hex(encodeRouteRequest(TO_4));
    const flow = { sourcePort: 1, destinationPort: 2 };
    for (const protocol of [0, 47, 58, 132, 255]) {
      assert.equal(hex(encodeRouteRequest({ ...TO_4, ...flow, protocol })), plain);
    }
  });

  it('names ICMP without ports, of either family', () => {
    const withProtocol = (query: RouteQuery): string =>
      hex(encodeRouteRequest({ ...query, sourcePort: 8, destinationPort: 9 })).slice(-16);
    assert.equal(withProtocol({ ...TO_4, protocol: 1 }), '05001b0001000000');
    assert.equal(withProtocol({ ...TO_6, protocol: 58 }), '05001b003a000000');
  });
});
