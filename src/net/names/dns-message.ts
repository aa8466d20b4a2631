/** Codec of DNS queries and responses. RFC 1035 section 4 */
import packet from 'dns-packet';

const HEADER_LENGTH = 12;
const OFFSET = { id: 0, flags: 2, questionCount: 4, answerCount: 6 } as const;
const FLAG = { response: 0x8000, opcode: 0x7800, truncated: 0x0200, responseCode: 0x000f } as const;

/** Numbers of the record types that are of use. RFC 1035 section 3.2.2, RFC 3596 section 2.1 */
const TYPE = { A: 1, CNAME: 5, PTR: 12, TXT: 16, AAAA: 28 } as const;
const USED_TYPES: ReadonlySet<number> = new Set(Object.values(TYPE));

/**
 * Labels and pointers in all names of a message that are followed. As many records as TCP can carry have fewer; a server that
 * wants to keep us busy lets thousands of records point at one name that leads through all of the message.
 */
const MOST_STEPS = 32_768;
/** The upper bits of a label's length, where it is a pointer. RFC 1035 section 4.1.4 */
const POINTER = 0xc0;

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
  new NameWalk(octets).endOf(HEADER_LENGTH);
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
  const names = new NameWalk(octets);
  let offset = start;
  for (let left = octets.readUInt16BE(OFFSET.answerCount); left > 0; left--) {
    const { type, dataAt, end } = recordAt(octets, names.endOf(offset));
    if (type === TYPE.CNAME || type === TYPE.PTR) names.endOf(dataAt);
    const record = USED_TYPES.has(type) ? decodeRecord(octets, offset) : undefined;
    if (record) records.push(record);
    offset = end;
  }
  return records;
}

/** Undefined for a record of another class, or another type. */
function decodeRecord(octets: Buffer, offset: number): ResourceRecord | undefined {
  const answer = packet.answer.decode(octets, offset);
  if (answer.class !== 'IN') return undefined;
  const { name, type } = answer;
  switch (type) {
    case 'TXT':
      return { name, type, value: answer.data.map((part) => part.toString('latin1')).join('') };
    case 'A':
    case 'AAAA':
    case 'CNAME':
    case 'PTR':
      return { name, type, value: answer.data };
  }
}

/** What a record's fixed part says. RFC 1035 section 3.2.1 */
interface RecordFrame {
  readonly type: number;
  readonly dataAt: number;
  readonly end: number;
}

/** Offsets after a record's name. */
const AFTER_NAME = { type: 0, dataLength: 8, data: 10 } as const;

/** @param at - the offset after its name. @throws RangeError when the record ends past the message */
function recordAt(octets: Buffer, at: number): RecordFrame {
  const dataAt = at + AFTER_NAME.data;
  const end = dataAt + octets.readUInt16BE(at + AFTER_NAME.dataLength);
  if (end > octets.length) throw new RangeError('record past the end of the message');
  return { type: octets.readUInt16BE(at + AFTER_NAME.type), dataAt, end };
}

/** Walks the names of one message before they are decoded. The decoder would follow pointers as long as they lead back. */
class NameWalk {
  readonly #octets: Buffer;
  #steps = 0;

  constructor(octets: Buffer) {
    this.#octets = octets;
  }

  /**
   * The offset at which a name ends.
   * @throws RangeError when it ends past the message, or the names so far have too many labels and pointers
   */
  endOf(offset: number): number {
    let end: number | undefined;
    let at = offset;
    while (this.#steps++ < MOST_STEPS) {
      const length = this.#octets.readUInt8(at);
      if (length === 0) return end ?? at + 1;
      const isPointer = length >= POINTER;
      if (isPointer) end ??= at + 2;
      at = isPointer ? this.#octets.readUInt16BE(at) & ~(POINTER << 8) : at + 1 + length;
    }
    throw new RangeError('names of too many labels');
  }
}
