import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { firstReply, whoisOrigin } from '../../../src/net/names/whois-reply.ts';
import { answerWhois } from './whois-server.ts';

const SERVER = {
  addr: '127.0.0.1',
  routes: { '192.0.2.1': ['AS64500', 'AS64501'], '2001:db8::1': ['AS64502'], '192.0.2.9': 'F no\n' },
};

describe('the whois server of a path', () => {
  for (const [query, origin] of [
    ['!r192.0.2.1/32,l', 64500],
    ['!r2001:db8::1/128,l', 64502],
    ['!r192.0.2.2/32,l', undefined],
    ['!r192.0.2.9/32,l', undefined],
  ] as const) {
    it(`answers ${query} in whole replies`, () => {
      const text = answerWhois(SERVER, query);
      const reply = firstReply(Buffer.from(text));
      assert.equal(reply?.length, text.length);
      assert.equal(whoisOrigin(reply.data), origin);
    });
  }

  it('says nothing to what is no query', () => {
    assert.equal(answerWhois(SERVER, '!!'), '');
  });
});
