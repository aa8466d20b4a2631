/** Octets in hexadecimal, as BSD traceroute shows them. */

/** Names of the IPv4 header's octets, two characters for each. RFC 791 section 3.1. */
const IPV4_KEY = 'vhtslen id  off tlprsum srcip   dstip   opts';
/** Names of the IPv6 header's octets. RFC 8200 section 3. */
const IPV6_KEY = 'vcflowlblen nxhlsrcip                           dstip                           ';

function hex(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

/**
 * The names of the octets of an IP header, options included, and of the transport header behind it.
 * @param fieldKey - the names for the transport header, two characters for each octet
 */
export function headerKey(datagram: Uint8Array, fieldKey: string): string {
  const first = datagram[0] ?? 0;
  const width = first >> 4 === 6 ? IPV6_KEY.length : (first & 0x0f) * 8;
  const key = first >> 4 === 6 ? IPV6_KEY : IPV4_KEY;
  return key.slice(0, width).padEnd(width) + fieldKey;
}

/** The octets sent, and below them those quoted, with `__` for each octet that came back unchanged. */
export function comparison(sent: Uint8Array, quoted: Uint8Array): string {
  const marks = Array.from(quoted, (octet, index) =>
    octet === sent[index] ? '__' : octet.toString(16).padStart(2, '0'),
  );
  return `${hex(sent)}\n${marks.join('')}\n`;
}

/** A dump of a datagram that was sent, in 16-bit words, eight on a line. */
export function sentDump(sent: Uint8Array): string {
  const words = hex(sent).match(/.{1,4}/g) ?? [];
  const lines = words.map((word, index) => (index % 8 === 0 ? `\n\t ${word}` : ` ${word}`));
  return `[ ${sent.length} bytes${lines.join('')}]\n`;
}

/** A dump in whole 32-bit words, one on a line, after the number of octets up to its end. */
export function wordDump(octets: Uint8Array): string {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  let text = '';
  for (let end = 4; end <= octets.length; end += 4) {
    const word = (view.getUint32(end - 4) + 2 ** 32).toString(16).slice(1);
    text += `${String(end).padStart(2)}: ${word}\n`;
  }
  return text;
}
