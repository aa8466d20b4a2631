/** Replies of whois servers: a stream that is none is refused with RangeError alone. */
import assert from 'node:assert/strict';
import { firstReply, whoisOrigin } from '../../../src/net/names/whois-reply.ts';
import { octetsOfTexts, unlessRefused, type Target } from '../target.ts';

const OBJECT =
  'route:          198.51.100.0/24\ndescr:          Example\norigin:         AS64500\nsource:         RADB\n\n';

export const whois: Target = {
  name: 'whois',
  seeds: octetsOfTexts(
    `A${OBJECT.length}\n${OBJECT}C\n`,
    'C\n',
    'D\nF no such thing\n',
    'A10\norigin: AS1C\n',
    'A0\nC\n',
    'route6: 2001:db8::/32\norigin: AS4294967295\n',
  ),
  words: octetsOfTexts(
    'route:',
    'route6: ',
    'origin: AS',
    '\n',
    'C\n',
    'A9\n',
    ' ',
    '/24',
    '4294967296',
    '\r',
  ),
  largest: 16_384,
  run: (input) => {
    const stream = Buffer.from(input);
    const reply = unlessRefused(
      () => firstReply(stream),
      (error) => error instanceof RangeError,
    );
    if (reply) assert.ok(reply.length > 0 && reply.length <= stream.length);
    const origin = whoisOrigin(reply?.data ?? stream.toString('latin1')) ?? 0;
    assert.ok(Number.isInteger(origin) && origin >= 0 && origin <= 0xffff_ffff);
  },
};
