/** The name server of a path: answers what its table holds, and NXDOMAIN for the rest. RFC 1035. */
import { createRequire } from 'node:module';
import { decodeUdp, encodeUdp, UDP_HEADER_LENGTH } from '../../../src/wire/udp.ts';
import type { Datagram } from '../datagram.ts';
import { reply } from '../host/arrival.ts';
import type { NameServerFormat, NameTable } from '../path-format.ts';
import type { Answer } from '../path-state.ts';

const TTL_SECONDS = 60;
/** RFC 1035 section 4.1.1. */
const RESPONSE_CODE = { noError: 0, serverFailure: 2, nameError: 3 } as const;
const FLAG_AUTHORITATIVE = 0x0400;
const FLAG_RECURSION_DESIRED = 0x0100;
const FLAG_RECURSION_AVAILABLE = 0x0080;
const HOST_TTL = 64;
/** The name of the machine, in a table that does not know it yet. */
const MACHINE = '@hostname';

interface Question {
  readonly name: string;
  readonly type: string;
}

type ResourceRecord = Question & { readonly ttl: number; readonly data: string };

interface Message {
  readonly id: number;
  readonly flags: number;
  readonly type: 'response';
  readonly questions: readonly Question[];
  readonly answers: readonly ResourceRecord[];
}

interface DnsPacket {
  decode(octets: Buffer): Pick<Message, 'id' | 'flags' | 'questions'>;
  encode(message: Message): Buffer;
}

const dnsPacket = createRequire(import.meta.url)('dns-packet') as DnsPacket; // a package without types

/** Gives the machine its name in a table. */
export function namesOfMachine(names: NameTable, hostname: string): NameTable {
  return Object.fromEntries(
    Object.entries(names).map(([key, value]) => [key.replace(MACHINE, hostname.toLowerCase()), value]),
  );
}

/** Answers a query, both without UDP header; undefined where the table says that nothing comes. */
export function answerQuery(names: NameTable, query: Uint8Array): Uint8Array | undefined {
  const { id, flags, questions } = dnsPacket.decode(Buffer.from(query));
  const [question = { name: '', type: '' }] = questions;
  const found = lookUp(names, question);
  if (found === 'timeout') return undefined;
  const response = FLAG_AUTHORITATIVE | FLAG_RECURSION_AVAILABLE | (flags & FLAG_RECURSION_DESIRED);
  const { code, records } = found;
  return dnsPacket.encode({ type: 'response', id, flags: response | code, questions, answers: records });
}

interface Found {
  readonly code: number;
  readonly records: readonly ResourceRecord[];
}

function lookUp(names: NameTable, { name, type }: Question): Found | 'timeout' {
  const key = name.toLowerCase();
  const entry = names[`${key}/${type}`];
  if (entry === 'timeout') return 'timeout';
  if (entry === 'servfail') return { code: RESPONSE_CODE.serverFailure, records: [] };
  if (entry) return { code: RESPONSE_CODE.noError, records: entry.map((data) => recordOf(name, type, data)) };
  const alias = names[`${key}/CNAME`]?.[0];
  if (alias !== undefined) return follow(names, { name, type }, alias);
  const isKnown = Object.keys(names).some((each) => each.startsWith(`${key}/`));
  return { code: isKnown ? RESPONSE_CODE.noError : RESPONSE_CODE.nameError, records: [] };
}

/** RFC 1034 section 3.6.2: the alias, and what its target has of the type. */
function follow(names: NameTable, { name, type }: Question, alias: string): Found | 'timeout' {
  const target = lookUp(names, { name: alias, type });
  if (target === 'timeout') return target;
  return { ...target, records: [recordOf(name, 'CNAME', alias), ...target.records] };
}

function recordOf(name: string, type: string, data: string): ResourceRecord {
  return { name, type, ttl: TTL_SECONDS, data };
}

/** Makes the whole datagram that answers a query datagram. */
export function answerOfNameServer(
  { names, dead = false, delay: afterMs = 0 }: NameServerFormat,
  query: Datagram,
): Answer[] {
  const { sourcePort, destinationPort } = decodeUdp(query.transport);
  const payload = dead ? undefined : answerQuery(names, query.transport.subarray(UDP_HEADER_LENGTH));
  if (!payload) return [];
  const header = {
    sourcePort: destinationPort,
    destinationPort: sourcePort,
    lengthOrCoverage: UDP_HEADER_LENGTH + payload.length,
    checksum: 0,
  };
  return [{ afterMs, octets: reply(query, HOST_TTL, encodeUdp(header, payload)) }];
}
