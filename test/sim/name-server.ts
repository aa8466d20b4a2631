/** The name server of a path: answers what its table holds, and NXDOMAIN for the rest. RFC 1035. */
import { createRequire } from 'node:module';
import { decodeUdp, encodeUdp, UDP_HEADER_LENGTH } from '../../src/wire/udp.ts';
import type { Datagram } from './datagram.ts';
import { reply } from './host.ts';
import type { NameTable } from './path-format.ts';

const TTL_SECONDS = 60;
const RCODE_NXDOMAIN = 3;
const FLAG_AUTHORITATIVE = 0x0400;
const FLAG_RECURSION_DESIRED = 0x0100;
const FLAG_RECURSION_AVAILABLE = 0x0080;
const HOST_TTL = 64;

interface Question {
  readonly name: string;
  readonly type: string;
}

interface Message {
  readonly id: number;
  readonly flags: number;
  readonly type: 'response';
  readonly questions: readonly Question[];
  readonly answers: readonly (Question & { readonly ttl: number; readonly data: string })[];
}

interface DnsPacket {
  decode(octets: Buffer): Pick<Message, 'id' | 'flags' | 'questions'>;
  encode(message: Message): Buffer;
}

const dnsPacket = createRequire(import.meta.url)('dns-packet') as DnsPacket; // a package without types

/** The response to a query, both without UDP header. */
export function answerQuery(names: NameTable, query: Uint8Array): Uint8Array {
  const { id, flags, questions } = dnsPacket.decode(Buffer.from(query));
  const answers = questions.flatMap(({ name, type }) =>
    (names[`${name.toLowerCase()}/${type}`] ?? []).map((data) => ({ name, type, ttl: TTL_SECONDS, data })),
  );
  const isKnown = questions.some(({ name }) =>
    Object.keys(names).some((key) => key.startsWith(`${name.toLowerCase()}/`)),
  );
  const response =
    FLAG_AUTHORITATIVE |
    FLAG_RECURSION_AVAILABLE |
    (flags & FLAG_RECURSION_DESIRED) |
    (isKnown ? 0 : RCODE_NXDOMAIN);
  return dnsPacket.encode({ type: 'response', id, flags: response, questions, answers });
}

/** The whole datagram that answers a query datagram. */
export function answerOfNameServer(
  names: NameTable,
  query: Datagram,
): { afterMs: number; octets: Uint8Array }[] {
  const { sourcePort, destinationPort } = decodeUdp(query.transport);
  const payload = answerQuery(names, query.transport.subarray(UDP_HEADER_LENGTH));
  const header = {
    sourcePort: destinationPort,
    destinationPort: sourcePort,
    lengthOrCoverage: UDP_HEADER_LENGTH + payload.length,
    checksum: 0,
  };
  return [{ afterMs: 0, octets: reply(query, HOST_TTL, encodeUdp(header, payload)) }];
}
