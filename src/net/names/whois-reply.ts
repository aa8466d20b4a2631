/** Reads replies of the IRRd query protocol, as whois.radb.net speaks it, and the route objects in them. */
import { asNumberOf, mostSpecificOrigin, prefixLengthOf, type OriginClaim } from './origin.ts';

/** A reply at the start of a stream. */
export interface WhoisReply {
  /** Objects of the registry; '' when it has none or could not tell. */
  readonly data: string;
  /** The octets that the reply took. */
  readonly length: number;
}

const LONGEST_LINE = 1024;
const MOST_DATA = 1 << 20;
const NEWLINE = 0x0a;

/**
 * Reads the first reply of `stream`: either `A<length>`, the data and a line with `C`; or one line with `C` (no data),
 * `D` (no such key), `E` (key not unique) or `F` (error).
 * @returns undefined while the reply is incomplete
 * @throws RangeError when the stream is no such reply
 */
export function firstReply(stream: Buffer): WhoisReply | undefined {
  const header = lineAt(stream, 0);
  if (header === undefined) return undefined;
  if (/^[CDEF]/.test(header.text)) return { data: '', length: header.end };
  const dataLength = Number(/^A(\d{1,7})$/.exec(header.text)?.[1] ?? NaN);
  if (!(dataLength <= MOST_DATA)) throw new RangeError('not a whois reply');
  const dataEnd = header.end + dataLength;
  const trailer = lineAt(stream, dataEnd);
  if (trailer === undefined) return undefined;
  if (trailer.text !== 'C') throw new RangeError('whois data of another length');
  return { data: stream.toString('latin1', header.end, dataEnd), length: trailer.end };
}

function lineAt(stream: Buffer, start: number): { text: string; end: number } | undefined {
  const newline = stream.indexOf(NEWLINE, start);
  const length = (newline < 0 ? stream.length : newline) - start;
  if (length > LONGEST_LINE) throw new RangeError('whois line too long');
  return newline < 0
    ? undefined
    : { text: stream.toString('latin1', start, newline).trim(), end: newline + 1 };
}

/** The AS of the most specific route object in `data`; undefined when there is none. RFC 2622 section 4 */
export function whoisOrigin(data: string): number | undefined {
  const claims: OriginClaim[] = [];
  let prefixLength = 0;
  for (const line of data.split('\n')) {
    const [, attribute = '', value = ''] = /^(route6?|origin):\s*(?:AS)?(\S*)/i.exec(line) ?? [];
    const asNumber = asNumberOf(value);
    if (attribute.toLowerCase().startsWith('route')) prefixLength = prefixLengthOf(value);
    else if (attribute !== '' && asNumber !== undefined) claims.push({ asNumber, prefixLength });
  }
  return mostSpecificOrigin(claims);
}
