import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ResolveError } from '../../../src/model/errors.ts';
import { asciiName, assertHostName, domainOf, presentableName } from '../../../src/net/names/host-name.ts';

const LABEL_63 = 'a'.repeat(63);
/** 3 * 64 + 62 + 1 = 255 octets on the wire. */
const LONGEST = `${LABEL_63}.${LABEL_63}.${LABEL_63}.${'b'.repeat(61)}`;

describe('asciiName', () => {
  for (const [typed, ascii] of [
    ['gw.example.net', 'gw.example.net'],
    ['B\u00fccher.example', 'xn--bcher-kva.example'],
    ['bu\u0308cher.example', 'xn--bcher-kva.example'],
    ['\u4f8b\u3048\u3002\u30c6\u30b9\u30c8', 'xn--r8jz45g.xn--zckzah'],
    ['_dmarc.b\u00fccher.example', '_dmarc.xn--bcher-kva.example'],
  ] as const) {
    it(`has ${typed} as ${ascii}`, () => {
      assert.equal(asciiName(typed), ascii);
    });
  }

  it('refuses what stands for no name, and labels that get too long', () => {
    assert.throws(() => asciiName('\u00fc\ufffd.example'), ResolveError);
    assert.throws(() => asciiName(`${'\u00fc'.repeat(31)}${'\u4f8b'.repeat(20)}.example`), ResolveError);
    assert.throws(() => asciiName('b \u00fc'), new ResolveError('unknown host b \u00fc'));
  });
});

describe('assertHostName', () => {
  for (const name of [
    'a',
    'gw.example.net',
    'gw.example.net.',
    '_dmarc.a-b.example',
    LABEL_63,
    LONGEST,
    `${LONGEST}.`,
  ]) {
    it(`lets ${name.slice(0, 20)} of ${name.length} characters pass`, () => {
      assert.doesNotThrow(() => {
        assertHostName(name);
      });
    });
  }

  const refused: [what: string, name: string, message: string][] = [
    ['a label of 64', 'a'.repeat(64), `hostname "${'a'.repeat(32)}..." is too long`],
    ['a label of 64 octets in 32 characters', 'ü'.repeat(32), `hostname "${'ü'.repeat(32)}..." is too long`],
    ['a name of 256', `${LONGEST}b`, `hostname "${'a'.repeat(32)}..." is too long`],
    [
      'a long name with an escape sequence',
      `\x1b[2J${'a'.repeat(300)}`,
      `hostname "?[2J${'a'.repeat(28)}..." is too long`,
    ],
    ['the empty name', '', 'unknown host '],
    ['an empty label', 'a..b', 'unknown host a..b'],
    ['dots alone', '..', 'unknown host ..'],
    ['spaces', 'a b', 'unknown host a b'],
    ['control characters', 'a\nb', 'unknown host a?b'],
  ];
  for (const [what, name, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => {
        assertHostName(name);
      }, new ResolveError(message));
    });
  }
});

describe('presentableName', () => {
  const cases: [text: string, name: string | undefined][] = [
    ['gw.example.net', 'gw.example.net'],
    ['\x1b]0;x\x07gw', '?]0;x?gw'],
    ['gw\n 2  evil', undefined],
    ['gw (192.0.2.1)', undefined],
    ['', undefined],
    ['.', undefined],
    ['\x1b\x1b', undefined],
    ['192.0.2.1', undefined],
    ['2001:db8::1', undefined],
  ];
  for (const [text, name] of cases) {
    it(`makes ${JSON.stringify(text)} ${name ?? 'nothing'}`, () => {
      assert.equal(presentableName(text), name);
    });
  }
});

describe('domainOf', () => {
  it('is what follows the first dot', () => {
    assert.deepEqual(['a.b.c', 'a', 'a.'].map(domainOf), ['b.c', '', '']);
  });
});
