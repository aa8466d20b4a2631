/** Lengths over IPv6: those that nobody chose grow with the header. */

/** The header of IPv6 is 40 octets long, that of IPv4 20. */
export const HEADER_GROWTH = 20;
/** No longer datagram, nor ICMP message that quotes one, was recorded of a length that nobody chose. */
const LONGEST_DEFAULT = 48;
/** Such lengths in the text. */
const DEFAULT_LENGTHS = /\b4[08](?= (?:byte|chars))/g;
/** The octets that `-D` prints, two digits each. */
const SENT_DIGITS = /<(\d+)(?= hex digits sent>)/g;

/** Gives the length of a probe over IPv6, in octets: the same where the user chose it. */
export function grown(length: number): number {
  return length > LONGEST_DEFAULT ? length : length + HEADER_GROWTH;
}

/** Lets the lengths in a text grow that nobody chose. */
export function withLonger(text: string): string {
  return text
    .replace(DEFAULT_LENGTHS, (length) => String(Number(length) + HEADER_GROWTH))
    .replace(SENT_DIGITS, (_, digits: string) => `<${2 * grown(Number(digits) / 2)}`);
}
