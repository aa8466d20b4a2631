import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeResponse, encodeQuery, type DnsQuery } from '../../../src/net/names/dns-message.ts';
import { NXDOMAIN, record, responseTo, TRUNCATED, type Asked } from './servers.ts';

const QUERY: DnsQuery = { id: 0x1234, name: 'www.example.net', type: 'A' };
const ASKED: Asked = { ...QUERY, transport: 'udp' };
const ANSWERS = [
  record.cname('www.example.net', 'host.example.net'),
  record.a('host.example.net', '192.0.2.1'),
];

/** RFC 1035 section 4.1, written by hand. */
const QUERY_OCTETS = Buffer.from(
  '123401000001000000000000' + // id, recursion desired, one question
    '03777777076578616d706c65036e657400' + // www.example.net
    '00010001', // A, IN
  'hex',
);

/** Where the question's name begins, and the data of the first record. */
const HEADER = 12;
const CHAIN = QUERY_OCTETS.length + 12;
const UNKNOWN_TYPE = 99;
/** What took 130 and 950 ms takes 3, and a busy machine longer. */
const SOON_MS = 50;

function pointer(to: number): number[] {
  return [0xc0 | (to >> 8), to & 0xff];
}

/** A record of class IN. RFC 1035 section 3.2.1 */
function framed(name: readonly number[], type: number, data: readonly number[]): number[] {
  return [...name, 0, type, 0, 1, 0, 0, 0, 0, data.length >> 8, data.length & 0xff, ...data];
}

/** A response to `QUERY` with a first record, and the same one many times. */
function manyRecords(first: readonly number[], other: readonly number[], count: number): Buffer {
  const octets = Buffer.from([
    ...QUERY_OCTETS,
    ...first,
    ...Array.from({ length: count }, () => other).flat(),
  ]);
  octets.writeUInt16BE(0x8180, 2);
  octets.writeUInt16BE(1 + count, 6);
  return octets;
}

/** The least time of five runs. */
function leastMs(action: () => unknown): number {
  return Math.min(
    ...Array.from({ length: 5 }, () => {
      const startMs = performance.now();
      action();
      return performance.now() - startMs;
    }),
  );
}

describe('encodeQuery', () => {
  it('encodes a question', () => {
    assert.deepEqual(encodeQuery(QUERY), QUERY_OCTETS);
  });
});

describe('decodeResponse', () => {
  it('gives the records of the answer section', () => {
    assert.deepEqual(decodeResponse(responseTo(ASKED, ANSWERS), QUERY), {
      truncated: false,
      responseCode: 0,
      records: [
        { name: 'www.example.net', type: 'CNAME', value: 'host.example.net' },
        { name: 'host.example.net', type: 'A', value: '192.0.2.1' },
      ],
    });
  });

  it('takes the name of the question in any case', () => {
    assert.ok(decodeResponse(responseTo(ASKED, [], { name: 'WWW.Example.NET' }), QUERY));
  });

  it('joins the strings of a TXT record', () => {
    const query = { ...QUERY, type: 'TXT' } as const;
    const octets = responseTo({ ...ASKED, type: 'TXT' }, [record.txt('www.example.net', 'one ', 'two')]);
    assert.equal(decodeResponse(octets, query)?.records[0]?.value, 'one two');
  });

  it('leaves out records of other classes and types', () => {
    const chaos = { ...record.a('www.example.net', '192.0.2.1'), class: 'CH' };
    const octets = responseTo(ASKED, [chaos, record.a('www.example.net', '192.0.2.2')]);
    assert.deepEqual(
      decodeResponse(octets, QUERY)?.records.map(({ value }) => value),
      ['192.0.2.2'],
    );
  });

  it('tells the response code', () => {
    assert.equal(decodeResponse(responseTo(ASKED, [], { flags: NXDOMAIN }), QUERY)?.responseCode, NXDOMAIN);
  });

  it('tells a truncated response, wherever it was cut', () => {
    const octets = responseTo(ASKED, ANSWERS, { flags: TRUNCATED });
    for (const cut of [octets, octets.subarray(0, -3)]) {
      assert.deepEqual(decodeResponse(cut, QUERY), { truncated: true, responseCode: 0, records: [] });
    }
  });

  const foreign: [what: string, wrong: Parameters<typeof responseTo>[2]][] = [
    ['id', { id: 0x4321 }],
    ['name', { name: 'evil.example.net' }],
    ['type', { type: 'AAAA' }],
    ['class', { class: 'CH' }],
    ['opcode', { flags: 0x2800 }],
  ];
  for (const [what, wrong] of foreign) {
    it(`refuses another ${what}`, () => {
      assert.equal(decodeResponse(responseTo(ASKED, ANSWERS, wrong), QUERY), undefined);
    });
  }

  it('refuses a query, and other numbers of questions', () => {
    assert.equal(decodeResponse(QUERY_OCTETS, QUERY), undefined);
    for (const count of [0, 2]) {
      const octets = responseTo(ASKED, ANSWERS);
      octets.writeUInt16BE(count, 4);
      assert.equal(decodeResponse(octets, QUERY), undefined);
    }
  });

  it('refuses every prefix of a valid response', () => {
    for (const type of ['A', 'TXT'] as const) {
      const answers = type === 'A' ? ANSWERS : [record.txt('www.example.net', '64500 | 192.0.2.0/24')];
      const octets = responseTo({ ...ASKED, type }, answers);
      for (let length = 0; length < octets.length; length++) {
        assert.equal(decodeResponse(octets.subarray(0, length), { ...QUERY, type }), undefined);
      }
    }
  });

  const pointers: [what: string, owner: string][] = [
    ['to itself', 'c021'],
    ['forward', 'c030'],
    ['past the end', 'ffff'],
    ['to a pointer back', '0161c021'],
  ];
  for (const [what, owner] of pointers) {
    it(`refuses a compression pointer ${what}`, () => {
      const question = responseTo(ASKED, []);
      assert.equal(question.length, 0x21);
      question.writeUInt16BE(1, 6);
      const answer = Buffer.from(`${owner}00010001000000000004c0000201`, 'hex');
      assert.equal(decodeResponse(Buffer.concat([question, answer]), QUERY), undefined);
    });
  }

  it('refuses a count of 10,000 records that are not there', () => {
    const octets = responseTo(ASKED, ANSWERS);
    octets.writeUInt16BE(10_000, 6);
    assert.equal(decodeResponse(octets, QUERY), undefined);
  });

  it('is done soon with 3,000 records that point at one name of 8,000 pointers', () => {
    const pointers = Array.from({ length: 8000 }, (_, index) =>
      pointer(index === 0 ? HEADER : CHAIN + 2 * index - 2),
    );
    const unknown = framed(pointer(HEADER), UNKNOWN_TYPE, pointers.flat());
    const last = pointer(CHAIN + 2 * pointers.length - 2);
    const octets = manyRecords(unknown, framed(last, 1, [192, 0, 2, 1]), 3000);
    assert.equal(decodeResponse(octets, QUERY), undefined);
    assert.ok(leastMs(() => decodeResponse(octets, QUERY)) < SOON_MS);
  });

  it('is done soon with 4,000 records of a name of 120 labels', () => {
    const labels = [...Array.from({ length: 120 }, () => [1, 0x61]).flat(), 0];
    const octets = manyRecords(
      framed(pointer(HEADER), UNKNOWN_TYPE, labels),
      framed(pointer(CHAIN), 1, [192, 0, 2, 1]),
      4000,
    );
    assert.equal(decodeResponse(octets, QUERY), undefined);
    assert.ok(leastMs(() => decodeResponse(octets, QUERY)) < SOON_MS);
  });

  it('throws on no octets, be they arbitrary or a response with some of them changed', () => {
    const valid = responseTo(ASKED, [...ANSWERS, record.txt('www.example.net', 'a', 'b')]);
    const changes = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), changes, (octets, changed) => {
        assert.equal(decodeResponse(Buffer.from(octets), QUERY), undefined);
        const response = Buffer.from(valid);
        for (const [at, octet] of changed) response[at] = octet;
        const decoded = decodeResponse(response, QUERY);
        for (const { value } of decoded?.records ?? []) assert.equal(typeof value, 'string');
      }),
      { numRuns: 1000 },
    );
  });
});
