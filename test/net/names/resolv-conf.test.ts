import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseResolvConf } from '../../../src/net/names/resolv-conf.ts';

const DEFAULTS = {
  servers: ['127.0.0.1'],
  search: [],
  ndots: 1,
  timeoutMs: 5000,
  attempts: 2,
  rotate: false,
};

describe('parseResolvConf', () => {
  it('has the defaults of resolv.conf(5) for an empty file', () => {
    assert.deepEqual(parseResolvConf('', ''), DEFAULTS);
  });

  it('searches the domain of the machine where the file names none', () => {
    assert.deepEqual(parseResolvConf('nameserver 192.0.2.1\n', 'example.net').search, ['example.net']);
  });

  it('reads servers of both families, with zones', () => {
    const text = 'nameserver 192.0.2.1\nnameserver\t2001:DB8::0:1 # two\nnameserver fe80::1%eth0\n';
    assert.deepEqual(parseResolvConf(text, '').servers, ['192.0.2.1', '2001:db8::1', 'fe80::1%eth0']);
  });

  it('takes three servers, and passes over what is none', () => {
    const text =
      'nameserver\nnameserver ns.example\n' + [1, 2, 3, 4].map((n) => `nameserver 192.0.2.${n}\n`).join('');
    assert.deepEqual(parseResolvConf(text, '').servers, ['192.0.2.1', '192.0.2.2', '192.0.2.3']);
  });

  const searches: [what: string, text: string, search: string[]][] = [
    ['a search list', 'search a.example b.example.', ['a.example', 'b.example']],
    ['a domain', 'domain a.example', ['a.example']],
    ['the last of both', 'domain a.example\nsearch b.example c.example', ['b.example', 'c.example']],
    ['the root alone', 'search .', []],
    ['comments', '; search a.example\n# search b.example\nsearch c.example ; d', ['c.example']],
  ];
  for (const [what, text, search] of searches) {
    it(`reads ${what}`, () => {
      assert.deepEqual(parseResolvConf(text, 'host.example').search, search);
    });
  }

  it('reads the options, of several lines too', () => {
    const conf = parseResolvConf('options timeout:3 attempts:4 edns0\noptions rotate ndots:2', '');
    assert.deepEqual(conf, { ...DEFAULTS, timeoutMs: 3000, attempts: 4, rotate: true, ndots: 2 });
  });

  it('keeps the options in their ranges', () => {
    const most = parseResolvConf('options timeout:99 attempts:99 ndots:99', '');
    assert.deepEqual([most.timeoutMs, most.attempts, most.ndots], [30_000, 5, 15]);
    const least = parseResolvConf('options timeout:0 attempts:0 ndots:0', '');
    assert.deepEqual([least.timeoutMs, least.attempts, least.ndots], [1000, 1, 0]);
    assert.deepEqual(parseResolvConf('options timeout:x attempts: ndots:-1', ''), DEFAULTS);
  });
});
