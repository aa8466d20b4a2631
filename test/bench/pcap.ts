/** Reads stamps and IP datagrams from what `tcpdump -w` writes. draft-ietf-opsawg-pcap */

/** A datagram and its stamp. */
export interface CapturedDatagram {
  /** Nanoseconds since 1970. */
  readonly atNs: bigint;
  /** From the IP header on. */
  readonly octets: Uint8Array;
}

const FILE_HEADER_LENGTH = 24;
const RECORD_HEADER_LENGTH = 16;
/** Magic number of captures whose stamps count nanoseconds. Section 4. */
const NANOSECONDS_MAGIC = 0xa1b23c4d;
const NS_PER_S = 1_000_000_000n;
const ETHERNET_LENGTH = 14;
const LINKTYPE_ETHERNET = 1;

/**
 * Reads all whole records, in the order of capture.
 * @throws Error when this is no capture of Ethernet with nanoseconds, in this machine's byte order
 */
export function readPcap(capture: Uint8Array): CapturedDatagram[] {
  const view = new DataView(capture.buffer, capture.byteOffset, capture.length);
  if (capture.length < FILE_HEADER_LENGTH || view.getUint32(0, true) !== NANOSECONDS_MAGIC)
    throw new Error('no capture with nanoseconds (tcpdump --nano -w)');
  if (view.getUint32(20, true) !== LINKTYPE_ETHERNET) throw new Error('no capture of an Ethernet interface');
  const datagrams: CapturedDatagram[] = [];
  let at = FILE_HEADER_LENGTH;
  while (at + RECORD_HEADER_LENGTH <= capture.length) {
    const seconds = view.getUint32(at, true);
    const nanoseconds = view.getUint32(at + 4, true);
    const from = at + RECORD_HEADER_LENGTH;
    at = from + view.getUint32(at + 8, true);
    if (at > capture.length) break;
    const atNs = BigInt(seconds) * NS_PER_S + BigInt(nanoseconds);
    datagrams.push({ atNs, octets: capture.subarray(from + ETHERNET_LENGTH, at) });
  }
  return datagrams;
}
