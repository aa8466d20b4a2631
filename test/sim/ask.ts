/** Asks a path by hand, for tests of what it answers. */
import { decodeTcp } from '../../src/wire/tcp.ts';
import { decodeIcmp } from '../../src/wire/icmpv4.ts';
import { addressOf } from '../../src/model/address.ts';
import { readDatagram } from './datagram.ts';
import { answer } from './path.ts';
import type { DestinationFormat, HopFormat, PathFormat } from './path-format.ts';
import type { PathState } from './path-state.ts';

/** Makes a path of three hops, the second with the keys under test, and a target with port 80 open. */
export function threeHops(second: Partial<HopFormat> = {}, dst: Partial<DestinationFormat> = {}): PathFormat {
  return {
    src: '10.0.0.1',
    src6: 'fd00::1',
    hops: [
      { addr: '10.1.0.1', addr6: 'fd01::1', delay: 4 },
      { addr: '10.2.0.1', addr6: 'fd02::1', delay: 8, ...second },
      { addr: '10.3.0.1', addr6: 'fd03::1', delay: 12 },
    ],
    dst: { addr: '10.99.0.1', addr6: 'fd99::1', delay: 16, tcp: { 80: 'open' }, ...dst },
  };
}

/** Says in few words what comes back for a datagram: `10.2.0.1 icmp 11/0`, `10.99.0.1 tcp 0x12`. */
export function said(state: PathState, octets: Uint8Array): string[] {
  return answer(state, octets).map(({ octets: reply }) => {
    const datagram = readDatagram(reply);
    const from = addressOf(datagram.source);
    if (datagram.protocol === 6) return `${from} tcp 0x${decodeTcp(datagram.transport).flags.toString(16)}`;
    const { type, code } = decodeIcmp(datagram.transport);
    return `${from} icmp ${type}/${code}`;
  });
}
