import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeQuotedDatagram } from '../../src/wire/quoted-datagram.ts';
import { embedded, goldenPacket, octetsOfHex } from '../support/hex.ts';
import { everyPrefixIsRefused, isMalformed, returnsOrRefuses } from './codec-checks.ts';

const HOST = Uint8Array.of(192, 0, 2, 1);
const TARGET = Uint8Array.of(198, 51, 100, 1);
const HOST6 = octetsOfHex('20010db8 00010000 00000000 00000001');
const TARGET6 = octetsOfHex('20010db8 00020000 00000000 00000001');

const decode4 = (octets: Uint8Array) => decodeQuotedDatagram(4, octets);
const decode6 = (octets: Uint8Array) => decodeQuotedDatagram(6, octets);
/** The datagram that the ICMP error in a golden packet quotes. */
const quotedIn = (name: string, ipHeaderLength: number) => goldenPacket(name).subarray(ipHeaderLength + 8);
const plain = quotedIn('icmp-time-exceeded', 20);
const sourceRoute = quotedIn('icmp-time-exceeded-source-route', 20);
const plain6 = quotedIn('icmpv6-time-exceeded', 40);
const extended6 = quotedIn('icmpv6-parameter-problem', 40);

describe('a quoted IPv4 datagram', () => {
  it('is decoded from the whole of it', () => {
    assert.deepEqual(decode4(plain), {
      octets: plain.slice(),
      source: HOST,
      destination: TARGET,
      protocol: 17,
      tos: 0,
      ttl: 1,
      identification: 0x1b77,
      transport: goldenPacket('udp-probe').slice(20),
    });
  });

  it('is decoded from the 8 octets of RFC 792, from fewer, and from a part of a long one', () => {
    assert.equal(decode4(embedded(plain.subarray(0, 28))).transport.length, 8);
    assert.equal(decode4(embedded(plain.subarray(0, 20))).transport.length, 0);
    assert.equal(decode4(quotedIn('icmp-fragmentation-needed', 20)).transport.length, 528);
  });

  it('has its transport header after the options', () => {
    const { destination, transport } = decode4(sourceRoute);
    assert.deepEqual(destination, HOST.with(3, 254));
    assert.deepEqual(transport.subarray(0, 4), goldenPacket('udp-source-route').slice(32, 36));
  });

  it('is refused when cut before the transport header', () => {
    everyPrefixIsRefused(decode4, plain, 20);
    everyPrefixIsRefused(decode4, sourceRoute, 32);
  });

  it('is refused when a later fragment, whose octets are no transport header', () => {
    isMalformed(decode4, plain.with(7, 1), 6);
    isMalformed(decode4, plain.with(6, 0x20).with(7, 185), 6);
    assert.equal(decode4(plain.with(6, 0x20)).protocol, 17, 'a first fragment');
  });

  it('survives arbitrary octets', () => {
    returnsOrRefuses(decode4, plain, sourceRoute, plain6);
  });
});

describe('a quoted IPv6 datagram', () => {
  it('is decoded from the whole of it', () => {
    assert.deepEqual(decode6(plain6), {
      octets: plain6.slice(),
      source: HOST6,
      destination: TARGET6,
      protocol: 17,
      tos: 0,
      ttl: 1,
      transport: goldenPacket('udp6-probe').slice(40),
    });
  });

  it('has its transport header after the extension headers', () => {
    const { protocol, transport } = decode6(extended6);
    assert.equal(protocol, 253);
    assert.deepEqual(transport, new TextEncoder().encode('12345678'));
  });

  it('is decoded when a first fragment', () => {
    const { protocol, transport } = decode6(goldenPacket('udp6-first-fragment'));
    assert.equal(protocol, 17);
    assert.deepEqual(transport.subarray(2, 4), Uint8Array.of(0x82, 0x9a), 'port 33434');
  });

  it('is refused when a later fragment', () => {
    isMalformed(decode6, goldenPacket('udp6-later-fragment'), 2);
  });

  it('is refused when cut before the transport header', () => {
    everyPrefixIsRefused(decode6, plain6, 40);
    everyPrefixIsRefused(decode6, extended6, 48);
  });

  it('survives arbitrary octets', () => {
    returnsOrRefuses(decode6, plain6, extended6, goldenPacket('udp6-later-fragment'), plain);
  });
});
