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
