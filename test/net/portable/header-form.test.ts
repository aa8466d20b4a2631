import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromSocket, toSocket, WIRE_FORM, type HeaderForm } from '../../../src/net/portable/header-form.ts';
import { octetsOfHex } from '../../support/hex.ts';

const HOST: HeaderForm = { sent: 'host', received: 'host', quoted: 'network' };
const DARWIN: HeaderForm = { ...HOST, quoted: 'host' };

/** UDP from 192.0.2.1 to 198.51.100.9 with DF: 32 octets in all, as they are on the wire. */
const UDP = '45000020 12344000 4011 0000 c0000201 c6336409 829b829b000c0000 01020304';
/** The same, total length and fragment field in little-endian order. */
const UDP_TO_HOST = '45002000 12340040 4011 0000 c0000201 c6336409 829b829b000c0000 01020304';
/** As macOS and NetBSD hand it out: the total length without the header, 12. */
const UDP_FROM_HOST = '45000c00 12340040 4011 0000 c0000201 c6336409 829b829b000c0000 01020304';

/** ICMP errors of 198.51.100.1 about that datagram, of which the header and 8 octets are quoted. */
function icmpError(typeAndCode: string, outer: string, quoted: string): string {
  const quote = `4500${quoted} 12344000 0111 0000 c0000201 c6336409 829b829b000c0000`;
  return `4500${outer} 4001 0000 c6336401 c0000201 ${typeAndCode} 000000000000 ${quote}`;
}
const WIRE_OUTER = '0038 00010000';
const HOST_OUTER = '2400 00010000';

const RECEIVED: readonly (readonly [string, HeaderForm, string, string])[] = [
  ['a datagram in the order of the wire', WIRE_FORM, UDP, UDP],
  ['a datagram of macOS or NetBSD', HOST, UDP_FROM_HOST, UDP],
  ['a datagram whose length counts the header', HOST, UDP_TO_HOST, UDP],
];

/** Error, the form, type and code, and the total length that the quote has as it is received. */
const ERRORS: readonly (readonly [string, HeaderForm, string, string])[] = [
  ['time exceeded of NetBSD', HOST, '0b00', '0020'],
  ['time exceeded of macOS, with a turned quote', DARWIN, '0b00', '2000'],
  ['port unreachable of macOS, with a turned quote', DARWIN, '0303', '2000'],
  ['unreachable of macOS with a code that it does not know', DARWIN, '030f', '0020'],
  ['an echo reply of macOS, which quotes nothing', DARWIN, '0000', '0020'],
];

describe('IPv4 headers of raw sockets', () => {
  for (const [name, form, given, wire] of RECEIVED) {
    it(`restores ${name}`, () => {
      assert.deepEqual(fromSocket(octetsOfHex(given), form), octetsOfHex(wire));
    });
  }

  for (const [name, form, typeAndCode, quoted] of ERRORS) {
    it(`restores ${name}`, () => {
      const given = octetsOfHex(icmpError(typeAndCode, HOST_OUTER, quoted));
      assert.deepEqual(fromSocket(given, form), octetsOfHex(icmpError(typeAndCode, WIRE_OUTER, '0020')));
    });
  }

  it('gives each socket the order that it takes', () => {
    assert.deepEqual(toSocket(octetsOfHex(UDP), WIRE_FORM), octetsOfHex(UDP));
    assert.deepEqual(toSocket(octetsOfHex(UDP), HOST), octetsOfHex(UDP_TO_HOST));
  });

  it('leaves what is too short for a header, or for a quote, to the decoders', () => {
    const error = octetsOfHex(icmpError('0b00', HOST_OUTER, '2000'));
    for (let length = 0; length < 20; length++) {
      const short = error.slice(0, length);
      assert.deepEqual(fromSocket(short.slice(), DARWIN), short);
    }
    for (let length = 20; length < 48; length++) {
      const restored = fromSocket(error.slice(0, length), DARWIN);
      assert.deepEqual(restored.subarray(8), error.subarray(8, length));
    }
  });
});
