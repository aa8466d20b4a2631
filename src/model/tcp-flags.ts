/** Control bits that a verdict or a plan turns on. RFC 9293 section 3.1. */
export const SYN = 0x02;
export const ACK = 0x10;

/** Whether a segment with these control bits opens a connection, and does not claim to be of one. */
export function opensConnection(flags: number): boolean {
  return (flags & (SYN | ACK)) === SYN;
}
