import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { splitExtensions } from '../../../src/wire/icmp-extension.ts';
import { decodeIcmp } from '../../../src/wire/icmpv4.ts';
import { decodeLabelStack } from '../../../src/wire/mpls.ts';
import { decodeTcp } from '../../../src/wire/tcp.ts';
import { threeHops } from '../ask.ts';
import { readDatagram } from '../datagram.ts';
import { SEQUENCE_NUMBER, SOURCE_PORT, tcpProbe, udpProbe } from '../make-probe.ts';
import { answer } from '../path.ts';
import type { HopFormat } from '../path-format.ts';
import { openPath } from '../path-state.ts';
import { checksumIsRight } from '../transport-checksum.ts';

/** The error that the second hop of a path answers. */
function errorAt(keys: Partial<HopFormat>, probe: Uint8Array): ReturnType<typeof decodeIcmp> {
  const [reply] = answer(
    openPath(threeHops(keys), () => 0),
    probe,
  );
  assert.ok(reply, 'there is an answer');
  return decodeIcmp(readDatagram(reply.octets).transport);
}

describe('the quote of a hop', () => {
  it('quote: is so many octets long, and no longer than the probe', () => {
    assert.equal(errorAt({ quote: 28 }, udpProbe({ ttl: 2 })).body.length, 28);
    assert.equal(errorAt({ quote: 900 }, udpProbe({ ttl: 2 })).body.length, udpProbe().length);
  });

  it('bad: is no datagram, or one of other ports', () => {
    const probe = udpProbe({ ttl: 2 });
    assert.throws(() => readDatagram(errorAt({ bad: 'garbage' }, probe).body));
    const { source, transport } = readDatagram(errorAt({ bad: 'wrongquote' }, probe).body);
    assert.deepEqual([...source], [10, 0, 0, 1]);
    assert.notEqual(new DataView(transport.slice().buffer).getUint16(0), SOURCE_PORT);
  });

  it('quote_seqadd: has another sequence number, and a checksum that fits it', () => {
    const quote = readDatagram(errorAt({ quote_seqadd: 0xff00_0000 }, tcpProbe({ ttl: 2 })).body);
    const expected = (SEQUENCE_NUMBER + 0xff00_0000) % 2 ** 32;
    assert.equal(decodeTcp(quote.transport).sequenceNumber, expected);
    assert.equal(checksumIsRight(quote, quote.protocol, quote.transport), true);
    const udp = errorAt({ quote_seqadd: 1 }, udpProbe({ ttl: 2 })).body;
    assert.deepEqual(readDatagram(udp).transport, readDatagram(udpProbe()).transport);
  });

  it('quote_ttl: has the TTL of a tunnel’s end', () => {
    assert.equal(readDatagram(errorAt({ quote_ttl: 4 }, udpProbe({ ttl: 2 })).body).ttl, 4);
  });

  it('quote_src: has another source, and a checksum that fits it', () => {
    const quote = readDatagram(errorAt({ quote_src: '192.0.2.77' }, tcpProbe({ ttl: 2 })).body);
    assert.deepEqual([...quote.source], [192, 0, 2, 77]);
    assert.equal(checksumIsRight(quote, quote.protocol, quote.transport), true);
  });

  it('quote_pad: is filled up with zeros', () => {
    const { body } = errorAt({ quote: 28, quote_pad: 128 }, udpProbe({ ttl: 2 }));
    assert.equal(body.length, 128);
    assert.ok(body.subarray(28).every((octet) => octet === 0));
  });

  it('objects: follow the labels; unsummed: without a checksum', () => {
    const hop = { mpls: [[16, 0, 1, 1]], objects: [[200, 7, 'deadbeef']], unsummed: true } as const;
    const { body } = errorAt(hop, udpProbe({ ttl: 2 }));
    assert.equal(new DataView(body.slice(128).buffer).getUint16(2), 0);
    const { extensions } = splitExtensions(body, 128);
    assert.deepEqual(
      extensions.map(({ classNumber, classType }) => [classNumber, classType]),
      [
        [1, 1],
        [200, 7],
      ],
    );
  });

  it('mplslen: stands in the length octet, with the labels where they were', () => {
    const error = errorAt({ mpls: [[16, 0, 1, 1]], mplslen: 17 }, udpProbe({ ttl: 2 }));
    assert.equal(error.rest, 17 << 16);
    const { extensions } = splitExtensions(error.body, 128);
    assert.equal(decodeLabelStack(extensions)[0]?.label, 16);
  });
});
