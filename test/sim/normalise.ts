/** Brings what a run printed into the form of the recorded cases. */

/** A message about the next send may follow at once. */
const ROUND_TRIP = /\b\d+\.\d+ ms/g;
const LOCAL_PORT = /(, port )\d+( for outgoing packets)/g;
/** What `-D` prints: the octets sent, and below them those quoted, `__` for each that is the same. */
const DIFFERENCE = /^([0-9a-f]{40,})\n([0-9a-f_]{20})[0-9a-f_]*$/gm;
/** A line of the packet sent, as `-v` twice prints it. */
const PACKET_LINE = /^\t(?: [0-9a-f]{2,4})+(?=\]?$)/gm;
const HEX_DIGIT = /[0-9a-f]/g;

/**
 * Replaces what differs from run to run: round-trip times, ports that the kernel chose, the packet sent as `-D` and `-v`
 * show it, and all but the first 20 digits that `-D` shows of the quote. Cuts the newlines at the end: recordings of
 * one and the same message differ in them.
 */
export function normalise(text: string): string {
  return text
    .replace(ROUND_TRIP, '<rtt> ms')
    .replace(LOCAL_PORT, '$1<port>$2')
    .replace(DIFFERENCE, (_, sent: string, quoted: string) => {
      return `<${sent.length} hex digits sent>\n<quoted ${quoted.replace(HEX_DIGIT, 'h')}>`;
    })
    .replace(PACKET_LINE, (line) => line.replace(HEX_DIGIT, 'h'))
    .replace(/\n+$/, '');
}
