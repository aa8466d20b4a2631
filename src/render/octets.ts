/** Octets in hexadecimal, as BSD traceroute shows them. */

/** Names of the IPv4 header's octets, two characters each. */
const IPV4_KEY = 'vhtslen id  off tlprsum srcip   dstip   opts';
/** The same for IPv6. */
const IPV6_KEY = 'vcflowlblen nxhlsrcip                           dstip                           ';

function hex(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

/** The names of the octets of an IP header and of the transport header behind it. */
export function headerKey(datagram: Uint8Array, fieldKey: string): string {
  const first = datagram[0] ?? 0;
  const width = first >> 4 === 6 ? IPV6_KEY.length : (first & 0x0f) * 8;
  const key = first >> 4 === 6 ? IPV6_KEY : IPV4_KEY;
  return key.slice(0, width).padEnd(width) + fieldKey;
}

/** What was sent, and below it what was quoted with `__` for each octet that came through unchanged. */
export function comparison(sent: Uint8Array, quoted: Uint8Array): string {
  const marks = Array.from(quoted, (octet, index) =>
    octet === sent[index] ? '__' : octet.toString(16).padStart(2, '0'),
  );
  return `${hex(sent)}\n${marks.join('')}\n`;
}

/** A dump of what was sent, in 16-bit words, eight a line. */
export function sentDump(sent: Uint8Array): string {
  const words = hex(sent).match(/.{1,4}/g) ?? [];
  const lines = words.map((word, index) => (index % 8 === 0 ? `\n\t ${word}` : ` ${word}`));
  return `[ ${sent.length} bytes${lines.join('')}]\n`;
}

/** A message in 32-bit words, one a line, numbered by their octets from 4 on. */
export function wordDump(octets: Uint8Array): string {
  const words = hex(octets).match(/.{8}/g) ?? [];
  return words.map((word, index) => `${String((index + 1) * 4).padStart(2)}: ${word}\n`).join('');
}
