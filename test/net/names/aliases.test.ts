import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { followAliases } from '../../../src/net/names/aliases.ts';
import type { DnsQuery } from '../../../src/net/names/dns-message.ts';

const QUERY: DnsQuery = { id: 0x1234, name: 'www.example.net', type: 'A' };

describe('followAliases', () => {
  const a = (name: string, value: string) => ({ name, type: 'A', value }) as const;
  const cname = (name: string, value: string) => ({ name, type: 'CNAME', value }) as const;

  it('takes the values of the name itself, and none of others', () => {
    const records = [
      a('WWW.example.net', '192.0.2.1'),
      a('evil.example', '192.0.2.2'),
      a(QUERY.name, '192.0.2.3'),
    ];
    assert.deepEqual(followAliases(QUERY, records), {
      canonicalName: 'www.example.net',
      values: ['192.0.2.1', '192.0.2.3'],
    });
  });

  it('follows a chain, in whatever order it comes', () => {
    const records = [
      a('c.example', '192.0.2.1'),
      cname('b.example', 'C.example'),
      cname(QUERY.name, 'b.example'),
    ];
    assert.deepEqual(followAliases(QUERY, records), { canonicalName: 'C.example', values: ['192.0.2.1'] });
  });

  it('ends on a loop', () => {
    const records = [cname(QUERY.name, 'b.example'), cname('b.example', QUERY.name)];
    assert.deepEqual(followAliases(QUERY, records).values, []);
  });
});
