/** Brings what a run printed into the form of the recorded cases. */

const ROUND_TRIP = /\b\d+\.\d+ ms\b/g;
const LOCAL_PORT = /(, port )\d+( for outgoing packets)/g;
/** What `-D` prints: the octets sent, and below them those quoted, `__` for each that is the same. */
const DIFFERENCE = /^([0-9a-f]{40,})\n([0-9a-f_]{20})[0-9a-f_]*$/gm;

/**
 * Replaces what differs from run to run: round-trip times, kernel-chosen ports, and of `-D` the packet sent and
 * all but the first 20 quoted digits. One newline at the end is cut.
 */
export function normalise(text: string): string {
  return text
    .replace(ROUND_TRIP, '<rtt> ms')
    .replace(LOCAL_PORT, '$1<port>$2')
    .replace(DIFFERENCE, (_, sent: string, quoted: string) => {
      return `<${sent.length} hex digits sent>\n<quoted ${quoted.replace(/[0-9a-f]/g, 'h')}>`;
    })
    .replace(/\n$/, '');
}
