/** Responses of name servers: what is no response to the query is undefined, and names are fit for a terminal. */
import assert from 'node:assert/strict';
import packet from 'dns-packet';
import { followAliases } from '../../../src/net/names/aliases.ts';
import { cymruOrigin } from '../../../src/net/names/cymru.ts';
import { decodeResponse, encodeQuery, type DnsQuery } from '../../../src/net/names/dns-message.ts';
import { presentableName, shownName } from '../../../src/net/names/host-name.ts';
import { assertPrintable, octetsOfTexts, type Target } from '../target.ts';

const QUERIES: readonly DnsQuery[] = (['A', 'AAAA', 'PTR', 'TXT'] as const).map((type) => ({
  name: 'www.example.com',
  type,
  id: 0x1234,
}));

const ANSWERS = [
  { type: 'A', name: 'www.example.com', data: '192.0.2.1' },
  { type: 'AAAA', name: 'www.example.com', data: '2001:db8::1' },
  { type: 'PTR', name: 'www.example.com', data: 'host.example.net' },
  { type: 'TXT', name: 'www.example.com', data: ['23028 | 216.90.108.0/24 | US', 'x'] },
] as const;
const ALIAS = { type: 'CNAME', name: 'www.example.com', data: 'web.example.com' } as const;

/** The input's first octet chooses the query. */
function seedOf(index: number): Uint8Array {
  const { name, type, id } = QUERIES[index] ?? { name: '', type: 'A', id: 0 };
  const own = ANSWERS[index] ?? ANSWERS[0];
  const response = packet.encode({
    ...{ type: 'response', id, flags: 0, questions: [{ type, name }] },
    answers: [ALIAS, { ...own, name: 'web.example.com' }, own],
  });
  return Uint8Array.of(index, ...response);
}

export const dns: Target = {
  name: 'dns',
  seeds: [...QUERIES.keys()].flatMap((index) => [
    seedOf(index),
    Uint8Array.of(index, ...encodeQuery(QUERIES[index] ?? { name: '', type: 'A', id: 0 })),
  ]),
  words: [
    Uint8Array.of(0xc0, 0x0c),
    Uint8Array.of(0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, 1),
    Uint8Array.of(0xc0, 0x0c, 0, 5, 0, 1, 0, 0, 0, 0, 0, 2, 0xc0, 0x10),
    Uint8Array.of(0, 12, 0, 1),
    Uint8Array.of(1, 0x1b),
    ...octetsOfTexts('\u0003www\u0007example\u0003com\u0000'),
  ],
  // half of what TCP carries: all of it takes 3 ms, and more where V8 counts
  largest: 32_768,
  run: (input) => {
    const query = QUERIES[(input[0] ?? 0) % QUERIES.length];
    assert.ok(query);
    const response = decodeResponse(Buffer.from(input.subarray(1)), query);
    if (!response) return;
    const { canonicalName, values } = followAliases(query, response.records);
    assertPrintable(shownName(canonicalName, query.name, query.name));
    for (const value of values) assertPrintable(presentableName(value) ?? '');
    const origin = cymruOrigin(values) ?? 0;
    assert.ok(Number.isInteger(origin) && origin >= 0 && origin <= 0xffff_ffff);
  },
};
