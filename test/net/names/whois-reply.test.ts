import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { firstReply, whoisOrigin } from '../../../src/net/names/whois-reply.ts';
import { whoisData } from './servers.ts';

const ROUTE =
  'route:          192.0.2.0/24\ndescr:          a net\norigin:         AS64500\nsource:         RADB\n';

describe('firstReply', () => {
  const reply = Buffer.from(whoisData(ROUTE));

  it('reads data, and leaves what follows', () => {
    const stream = Buffer.concat([reply, Buffer.from('D\n')]);
    assert.deepEqual(firstReply(stream), { data: ROUTE, length: reply.length });
  });

  it('waits for the rest of every prefix', () => {
    for (let length = 0; length < reply.length; length++) {
      assert.equal(firstReply(reply.subarray(0, length)), undefined);
    }
  });

  for (const line of ['C\n', 'D\n', 'E\n', 'F unrecognized command\n', 'D\r\n']) {
    it(`reads ${JSON.stringify(line)} as no data`, () => {
      assert.deepEqual(firstReply(Buffer.from(line)), { data: '', length: line.length });
    });
  }

  const nonsense = [
    'HTTP/1.0 400 Bad Request\n',
    '\n',
    'A\n',
    'A-1\n',
    'A9999999\n',
    'A2\nxyz\n',
    'A1\n\nD\n',
  ];
  for (const text of [...nonsense, 'x'.repeat(2000)]) {
    it(`refuses ${JSON.stringify(text.slice(0, 30))}`, () => {
      assert.throws(() => firstReply(Buffer.from(text)), RangeError);
    });
  }

  it('returns or throws RangeError, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
        try {
          const found = firstReply(Buffer.from(octets));
          assert.ok(found === undefined || found.length <= octets.length);
        } catch (error) {
          assert.ok(error instanceof RangeError);
        }
      }),
    );
  });
});

describe('whoisOrigin', () => {
  const cases: [what: string, data: string, origin: number | undefined][] = [
    ['one route', ROUTE, 64500],
    [
      'the most specific of several',
      `${ROUTE}\nroute: 192.0.2.0/25\norigin: AS64501\n\nroute: 0.0.0.0/0\norigin: AS1\n`,
      64501,
    ],
    ['IPv6 routes', 'route6: 2001:db8::/32\norigin: AS1\n\nroute6: 2001:db8::/48\norigin: as2\n', 2],
    ['an origin alone', 'origin: AS64500\n', 64500],
    ['comments after the number', 'route: 192.0.2.0/24\norigin: AS64500 # ours\r\n', 64500],
    ['no origin', 'route: 192.0.2.0/24\ndescr: origin: AS1\n', undefined],
    ['nonsense', 'origin: ASx\norigin:\norigin: AS99999999999\n', undefined],
    ['nothing', '', undefined],
  ];
  for (const [what, data, origin] of cases) {
    it(`reads ${what}`, () => {
      assert.equal(whoisOrigin(data), origin);
    });
  }
});
