/** Reads the extension objects after the quoted datagram of an ICMP error. RFC 4884. */
import { uint16At, viewOf } from './bytes.ts';
import { internetChecksum } from './checksum.ts';

const STRUCTURE_HEADER_LENGTH = 4;
const OBJECT_HEADER_LENGTH = 4;
const CHECKSUM_OFFSET = 2;
/** The structure's offset in senders older than the RFC, and the least one in others. RFC 4884 sections 4 and 5.5. */
const LEAST_QUOTE_LENGTH = 128;
const WORD_LENGTH = 4;
/**
 * Octets of the longest body that is searched. Routers send 576 octets at most, or 1280 over IPv6 (RFC 1812 section 4.3.2.3,
 * RFC 4443 section 2.4). A forger sends 65,535, each word of which may begin a structure.
 */
const LONGEST_SEARCHED = 2048;
const EXTENSION_VERSION = 2;
/** Zero in all that is sent. RFC 4884 section 7. */
const RESERVED_BITS = 0x0fff;
const NONE: readonly IcmpExtensionObject[] = [];

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
 * Splits the body of an ICMP error into the quoted datagram and the extension objects after it. The structure is looked for
 * where the length field says, at octet 128, and beyond: there are routers that count the datagram without its padding, count
 * octets, or say nothing. An invalid structure (wrong version, wrong checksum, truncated) stays in the quote, and so do those
 * of bodies that no router sends. Never throws.
 * @param quoteLength - octets of the quote by the error's length field; 0 where it says nothing
 */
export function splitExtensions(body: Uint8Array, quoteLength: number): SplitBody {
  const start = body.length > LONGEST_SEARCHED ? undefined : structureStart(body, quoteLength);
  if (start === undefined) return { quote: body, extensions: NONE };
  return { quote: body.subarray(0, start), extensions: decodeObjects(body.subarray(start)) };
}

function structureStart(body: Uint8Array, quoteLength: number): number | undefined {
  // RFC 4884 section 4: the quote is padded to 128 octets at least, so a lesser length is a wrong one
  const isAnnounced = quoteLength >= LEAST_QUOTE_LENGTH;
  if (quoteLength > 0 && isStructure(body, quoteLength, isAnnounced)) return quoteLength;
  for (let start = LEAST_QUOTE_LENGTH; start + STRUCTURE_HEADER_LENGTH < body.length; start += WORD_LENGTH) {
    if (isStructure(body, start, false)) return start;
  }
  return undefined;
}

/** @param isAnnounced - the length field says that a structure begins there; else the structure itself has to prove it */
function isStructure(body: Uint8Array, start: number, isAnnounced: boolean): boolean {
  if (body.length < start + STRUCTURE_HEADER_LENGTH) return false;
  const first = uint16At(body, start);
  if (first >> 12 !== EXTENSION_VERSION) return false;
  const structure = body.subarray(start);
  // RFC 4884 section 7: a checksum of zero means that the sender made none
  const isSummed = uint16At(structure, CHECKSUM_OFFSET) !== 0;
  if (isSummed && internetChecksum(structure) !== 0) return false;
  return isAnnounced || ((first & RESERVED_BITS) === 0 && isWhole(structure));
}

/** True when objects, one at least, fill the structure to its last octet. */
function isWhole(structure: Uint8Array): boolean {
  let at = STRUCTURE_HEADER_LENGTH;
  while (at + OBJECT_HEADER_LENGTH <= structure.length) {
    const length = uint16At(structure, at);
    if (length < OBJECT_HEADER_LENGTH) return false;
    at += length;
  }
  return at > STRUCTURE_HEADER_LENGTH && at === structure.length;
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
