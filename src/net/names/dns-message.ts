/** Codec of DNS queries and responses. RFC 1035 section 4 */
import packet from 'dns-packet';

const HEADER_LENGTH = 12;
const OFFSET = { id: 0, flags: 2, questionCount: 4, answerCount: 6 } as const;
const FLAG = { response: 0x8000, opcode: 0x7800, truncated: 0x0200, responseCode: 0x000f } as const;

/** Response codes that speak of the name. RFC 1035 section 4.1.1 */
export const RESPONSE_CODE = { noError: 0, nameError: 3 } as const;

/** The record types that are asked for. */
export type QueryType = 'A' | 'AAAA' | 'PTR' | 'TXT';

/** A question of class IN, and the id of its query. */
export interface DnsQuery {
  /** Without the root's dot. Its labels fit RFC 1035. */
  readonly name: string;
  readonly type: QueryType;
  /** 0-65535. */
  readonly id: number;
}

/** A record of the answer section. Its value is the address, the name or the joined strings that it holds. */
export interface ResourceRecord {
  readonly name: string;
  readonly type: QueryType | 'CNAME';
  readonly value: string;
}

/** A response, as far as it is needed. */
export interface DnsResponse {
  /** True when the records were left out: ask again over TCP. */
  readonly truncated: boolean;
  readonly responseCode: number;
  readonly records: readonly ResourceRecord[];
}

/** Encodes a query that asks for recursion. */
export function encodeQuery({ name, type, id }: DnsQuery): Buffer {
  return packet.encode({ id, type: 'query', flags: packet.RECURSION_DESIRED, questions: [{ name, type }] });
}

/** Decodes the response to `query`; undefined when `octets` are something else or malformed. */
export function decodeResponse(octets: Buffer, query: DnsQuery): DnsResponse | undefined {
  if (octets.length < HEADER_LENGTH) return undefined;
  const flags = octets.readUInt16BE(OFFSET.flags);
  const isResponse = (flags & (FLAG.response | FLAG.opcode)) === FLAG.response;
  const questionCount = octets.readUInt16BE(OFFSET.questionCount);
  if (!isResponse || octets.readUInt16BE(OFFSET.id) !== query.id || questionCount !== 1) return undefined;
  try {
    const truncated = (flags & FLAG.truncated) !== 0;
    const answersAt = endOfQuestion(octets, query);
    if (answersAt === undefined) return undefined;
    const records = truncated ? [] : decodeAnswers(octets, answersAt);
    return { truncated, responseCode: flags & FLAG.responseCode, records };
  } catch {
    return undefined; // the decoder throws on whatever is malformed
  }
}

/** The offset at which the question section ends; undefined when it asks something else. */
function endOfQuestion(octets: Buffer, query: DnsQuery): number | undefined {
  const question = packet.question.decode(octets, HEADER_LENGTH);
  const same =
    question.name.toLowerCase() === query.name.toLowerCase() &&
    question.type === query.type &&
    question.class === 'IN';
  return same ? HEADER_LENGTH + packet.question.decode.bytes : undefined;
}

/** Decodes the answer section alone: nothing after it is of use here. */
function decodeAnswers(octets: Buffer, start: number): ResourceRecord[] {
  const records: ResourceRecord[] = [];
  let offset = start;
  for (let left = octets.readUInt16BE(OFFSET.answerCount); left > 0; left--) {
    const answer = packet.answer.decode(octets, offset);
    offset += packet.answer.decode.bytes;
    // where the decoder read past the end, the offset may be not a number
    if (!(offset <= octets.length)) throw new RangeError('record past the end of the message');
    if (answer.class !== 'IN') continue;
    const { name, type } = answer;
    switch (type) {
      case 'TXT':
        records.push({ name, type, value: answer.data.map((part) => part.toString('latin1')).join('') });
        break;
      case 'A':
      case 'AAAA':
      case 'CNAME':
      case 'PTR':
        records.push({ name, type, value: answer.data });
    }
  }
  return records;
}
