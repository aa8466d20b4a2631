import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeIpv4 } from '../../../src/wire/ipv4.ts';
import { decodeTcp } from '../../../src/wire/tcp.ts';
import { threeHops } from '../ask.ts';
import { readDatagram } from '../datagram.ts';
import { tcpProbe } from '../make-probe.ts';
import { answer } from '../path.ts';
import type { PathFormat } from '../path-format.ts';
import { openPath } from '../path-state.ts';
import { seededRandom } from '../random.ts';
import { checksumIsRight } from '../transport-checksum.ts';

/** The answers to two SYNs, from the IP header on. */
function answersOf(path: PathFormat): Uint8Array[] {
  const state = openPath(path, seededRandom(1));
  return [1, 2].flatMap(() => answer(state, tcpProbe({ ttl: 4 })).map(({ octets }) => octets));
}

describe('the stack', () => {
  it('of a target counts identifications, and sets its window, its MSS and Don’t Fragment', () => {
    const stack = { ip_id: 'counter', df: true, window: 64_240, mss: 1460 } as const;
    const answers = answersOf(threeHops({}, { stack }));
    const [first, second] = answers.map((octets) => decodeIpv4(octets));
    assert.ok(first && second);
    assert.equal(second.identification, first.identification + 1);
    assert.equal(first.dontFragment, true);
    const [octets = new Uint8Array(0)] = answers;
    const datagram = readDatagram(octets);
    assert.equal(decodeTcp(datagram.transport).window, 64_240);
    assert.deepEqual([...datagram.transport.subarray(20)], [2, 4, 5, 180]);
    assert.equal(checksumIsRight(datagram, 6, datagram.transport), true);
  });

  it('of a forger is its own', () => {
    const forger = { reject: { tcp: 'rst' }, stack: { ip_id: 'random' } } as const;
    const [forged] = answersOf(threeHops(forger, { stack: { ip_id: 'zero', df: true } }));
    assert.ok(forged);
    const header = decodeIpv4(forged);
    assert.equal(header.dontFragment, false);
    assert.notEqual(header.identification, 0);
  });
});
