import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Family } from '../../src/model/address.ts';
import type { ReplyKind } from '../../src/model/reply.ts';
import { annotationOf, type AnnotationStyle } from '../../src/render/annotation.ts';

const STYLES: readonly AnnotationStyle[] = ['bsd', 'tcptraceroute'];

/** Letters by the code of destination unreachable, from 0 on. */
const UNREACHABLE: readonly (readonly [AnnotationStyle, Family, readonly string[]])[] = [
  [
    'bsd',
    4,
    ['!N', '!H', '!P', '', '!F-0', '!S', '!U', '!W', '!I', '!A', '!Z', '!Q', '!T', '!X', '!V', '!C', '!<16>'],
  ],
  [
    'tcptraceroute',
    4,
    [
      ...['!N', '!H', '!P', '!p', '!F', '!S', '!U', '!U', '!I', '!A', '!C', '!T', '!T', '!A'],
      ...['!<14>', '!<15>', '!<16>'],
    ],
  ],
  ['bsd', 6, ['!N', '!X', '!S', '!H', '', '!A', '!R', '!<7>']],
  ['tcptraceroute', 6, ['!N', '!X', '!S', '!H', '!p', '!A', '!R', '!<7>']],
];

describe('annotations of destination unreachable', () => {
  for (const [style, family, letters] of UNREACHABLE) {
    for (const [code, expected] of letters.entries()) {
      it(`${style} shows unreachable code ${code} of IPv${family} as ${expected || 'nothing'}`, () => {
        assert.equal(annotationOf({ type: 'unreachable', code }, family, style), expected);
      });
    }
    it(`${style} shows unreachable code 255 of IPv${family} as its number`, () => {
      assert.equal(annotationOf({ type: 'unreachable', code: 255 }, family, style), '!<255>');
    });
  }
});

describe('annotations of other replies', () => {
  const rows: readonly (readonly [string, ReplyKind, Family, AnnotationStyle, string])[] = [
    ['an MTU', { type: 'unreachable', code: 4, nextHopMtu: 1400 }, 4, 'bsd', '!F-1400'],
    ['an MTU', { type: 'unreachable', code: 4, nextHopMtu: 1400 }, 4, 'tcptraceroute', '!F'],
    ...STYLES.flatMap((style) => [
      ['time exceeded', { type: 'time-exceeded' }, 4, style, ''] as const,
      ['time exceeded', { type: 'time-exceeded' }, 6, style, ''] as const,
      ['an answer', { type: 'answer' }, 4, style, ''] as const,
      ['an open port', { type: 'answer', tcp: { state: 'open', ecn: true } }, 4, style, ''] as const,
      ['packet too big', { type: 'too-big', nextHopMtu: 1280 }, 6, style, '!F-1280'] as const,
      ['an unknown next header', { type: 'parameter-problem', code: 1 }, 6, style, '!P'] as const,
      ['another parameter problem', { type: 'parameter-problem', code: 0 }, 6, style, '!<4-0>'] as const,
      ['another parameter problem', { type: 'parameter-problem', code: 2 }, 6, style, '!<4-2>'] as const,
    ]),
  ];
  for (const [name, kind, family, style, expected] of rows) {
    it(`${style} shows ${name} over IPv${family} as ${expected || 'nothing'}`, () => {
      assert.equal(annotationOf(kind, family, style), expected);
    });
  }
});
