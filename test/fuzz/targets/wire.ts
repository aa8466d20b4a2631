/** The decoders of src/wire: they return, or throw WireError with an offset within the octets, and read nothing else. */
import assert from 'node:assert/strict';
import { extensionsOf } from '../../../src/engine/extensions.ts';
import { decodeGre } from '../../../src/wire/gre.ts';
import { splitExtensions } from '../../../src/wire/icmp-extension.ts';
import { decodeIcmp } from '../../../src/wire/icmpv4.ts';
import { decodeIpv4 } from '../../../src/wire/ipv4.ts';
import { decodeIpv6 } from '../../../src/wire/ipv6.ts';
import { skipExtensionHeaders } from '../../../src/wire/ipv6-extension.ts';
import { decodeQuotedDatagram } from '../../../src/wire/quoted-datagram.ts';
import { decodeSctpFirstChunk, decodeSctpStart } from '../../../src/wire/sctp.ts';
import { decodeTcp, decodeTcpStart, tcpOptions } from '../../../src/wire/tcp.ts';
import { decodeUdp } from '../../../src/wire/udp.ts';
import { WireError } from '../../../src/wire/wire-error.ts';
import { extensionText } from '../../../src/render/extension-text.ts';
import { embedded, goldenPacket, goldenPacketNames } from '../../support/hex.ts';
import { assertPrintable, unlessRefused, type Target } from '../target.ts';

const DECODERS: readonly ((octets: Uint8Array) => unknown)[] = [
  decodeIpv4,
  decodeIpv6,
  decodeIcmp,
  decodeUdp,
  decodeTcpStart,
  decodeTcp,
  tcpOptions,
  decodeGre,
  decodeSctpStart,
  decodeSctpFirstChunk,
  (octets) => decodeQuotedDatagram(4, octets),
  (octets) => decodeQuotedDatagram(6, octets),
  (octets) => skipExtensionHeaders(octets.subarray(1), octets[0] ?? 0),
];

function readExtensions(octets: Uint8Array): void {
  const length = (octets[0] ?? 0) * 4;
  const { quote, extensions } = splitExtensions(octets.subarray(1), length);
  assert.ok(quote.length <= octets.length);
  assertPrintable(extensionText(extensionsOf(extensions)));
}

const heads = goldenPacketNames().map((name) => goldenPacket(name).slice());
/** The same from the transport header on, and an error's body with a length field before it. */
const bodies = heads.flatMap((octets) => {
  const start = octets[0] === 0x45 ? 20 : 40;
  const body = octets.subarray(start + 8);
  return [octets.slice(start), body.slice(), Uint8Array.of(32, ...body)];
});

export const wire: Target = {
  name: 'wire',
  seeds: [...heads, ...bodies],
  words: [
    Uint8Array.of(0x20, 0, 0, 0),
    Uint8Array.of(0, 8, 1, 1),
    Uint8Array.of(0, 12, 2, 0x0a),
    Uint8Array.of(0, 4, 9, 9),
  ],
  largest: 65_535,
  run: (input) => {
    const octets = embedded(input);
    for (const decode of DECODERS) {
      unlessRefused(
        () => decode(octets),
        (error) => error instanceof WireError && error.offset >= 0 && error.offset <= octets.length,
      );
    }
    readExtensions(octets);
  },
};
