/** Reads the extension objects after the quoted datagram of an ICMP error. RFC 4884. */
import { viewOf } from './bytes.ts';
import { internetChecksum } from './checksum.ts';

const STRUCTURE_HEADER_LENGTH = 4;
const OBJECT_HEADER_LENGTH = 4;
/** The structure's offset where the error's length field is 0, as in senders older than the RFC. RFC 4884 section 5.5. */
const LEGACY_QUOTE_LENGTH = 128;
const EXTENSION_VERSION = 2;

/** One extension object, without its header. RFC 4884 section 8. */
export interface IcmpExtensionObject {
  readonly classNumber: number;
  readonly classType: number;
  readonly payload: Uint8Array;
}

/** The two parts of an error's body. */
export interface SplitBody {
  /** The quoted datagram, padding included. */
  readonly quote: Uint8Array;
  readonly extensions: readonly IcmpExtensionObject[];
}

/**
 * Splits the body of an ICMP error into the quoted datagram and the extension objects after it. An invalid structure
 * (wrong version, wrong checksum, truncated) stays in the quote. Never throws.
 * @param quoteLength - octets of the quote by the error's length field; 0 where it says nothing
 */
export function splitExtensions(body: Uint8Array, quoteLength: number): SplitBody {
  const start = quoteLength > 0 ? quoteLength : LEGACY_QUOTE_LENGTH;
  if (body.length <= start) return { quote: body, extensions: [] };
  const structure = body.subarray(start);
  if (!isStructure(structure, quoteLength > 0)) return { quote: body, extensions: [] };
  return { quote: body.subarray(0, start), extensions: decodeObjects(structure) };
}

/** @param isAnnounced - the length field says that a structure follows; without it only a checksum proves one */
function isStructure(bytes: Uint8Array, isAnnounced: boolean): boolean {
  if (bytes.length < STRUCTURE_HEADER_LENGTH) return false;
  const view = viewOf(bytes, STRUCTURE_HEADER_LENGTH, 'ICMP extension');
  if (view.getUint8(0) >> 4 !== EXTENSION_VERSION) return false;
  // RFC 4884 section 7: a checksum of zero means that the sender made none
  return view.getUint16(2) === 0 ? isAnnounced : internetChecksum(bytes) === 0;
}

function decodeObjects(structure: Uint8Array): IcmpExtensionObject[] {
  const objects: IcmpExtensionObject[] = [];
  let rest = structure.subarray(STRUCTURE_HEADER_LENGTH);
  while (rest.length >= OBJECT_HEADER_LENGTH) {
    const view = viewOf(rest, OBJECT_HEADER_LENGTH, 'ICMP extension object');
    const length = view.getUint16(0);
    if (length < OBJECT_HEADER_LENGTH || length > rest.length) break;
    objects.push({
      classNumber: view.getUint8(2),
      classType: view.getUint8(3),
      payload: rest.subarray(OBJECT_HEADER_LENGTH, length),
    });
    rest = rest.subarray(length);
  }
  return objects;
}
