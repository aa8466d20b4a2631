/** Control bits that a verdict or a plan turns on. RFC 9293 section 3.1. */
export const SYN = 0x02;
export const ACK = 0x10;

/** Whether a segment with these control bits opens a connection, and does not claim to be of one. */
export function opensConnection(flags: number): boolean {
  return (flags & (SYN | ACK)) === SYN;
}

/** TCP control bits by their names, in the order in which they are written. RFC 9293 3.1, RFC 3168 6.1.1. */
export const TCP_FLAGS: readonly (readonly [name: string, bits: number])[] = [
  ['syn', 0x02],
  ['ack', 0x10],
  ['fin', 0x01],
  ['rst', 0x04],
  ['psh', 0x08],
  ['urg', 0x20],
  // both ask for ECN
  ['ecn', 0x40 | 0x80],
  ['ece', 0x40],
  ['cwr', 0x80],
];

/** Control bits as a specification names them: `syn+ecn`; '' for none. */
export function tcpFlagNames(flags: number): string {
  const names: string[] = [];
  let left = flags;
  for (const [name, bits] of TCP_FLAGS) {
    if ((left & bits) !== bits) continue;
    names.push(name);
    left &= ~bits;
  }
  return names.join('+');
}
