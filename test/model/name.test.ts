import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { sanitiseName, withoutLocalDomain } from '../../src/model/name.ts';

describe('sanitiseName', () => {
  const cases: [what: string, text: string, fit: string][] = [
    ['a name', 'gw-1_a.example.net', 'gw-1_a.example.net'],
    ['other scripts', 'bücher.例え', 'bücher.例え'],
    ['C0 controls', 'a\x00b\x07c\nd\re\tf', 'a?b?c?d?e?f'],
    ['DEL and C1 controls', 'a\x7fb\x85c\x9bd', 'a?b?c?d'],
    ['an escape sequence', '\x1b[2J\x1b]0;owned\x07', '?[2J?]0;owned?'],
    ['bidi controls', 'a\u202eb\u2066c\u200fd', 'a?b?c?d'],
    ['line and paragraph separators', 'a\u2028b\u2029c', 'a?b?c'],
    ['what draws nothing', 'a\u200bb\u00adc\ufeffd\u3164e\ufe0ff', 'a?b?c?d?e?f'],
    ['tag characters', 'a\u{e0041}b', 'a?b'],
    ['half a surrogate pair', 'a\ud800b', 'a?b'],
    ['nothing', '', ''],
  ];
  for (const [what, text, fit] of cases) {
    it(`handles ${what}`, () => {
      assert.equal(sanitiseName(text), fit);
    });
  }

  it('gives at most 255 characters', () => {
    assert.equal(sanitiseName('a'.repeat(70_000)), 'a'.repeat(255));
    assert.equal(sanitiseName(`${'a'.repeat(254)}😀`), `${'a'.repeat(254)}?`);
  });

  it('lets no control through, whatever comes, and changes nothing twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const name = sanitiseName(text);
        assert.doesNotMatch(name, /[\p{Cc}\p{Cf}]/u);
        assert.equal(sanitiseName(name), name);
      }),
    );
  });
});

describe('withoutLocalDomain', () => {
  const cases: [name: string, domain: string, cut: string][] = [
    ['gw.example.net', 'example.net', 'gw'],
    ['gw.Example.NET', 'example.net', 'gw'],
    ['gw.lab.example.net', 'example.net', 'gw.lab.example.net'],
    ['gw.notexample.net', 'example.net', 'gw.notexample.net'],
    ['example.net', 'example.net', 'example.net'],
    ['gw', 'example.net', 'gw'],
    ['gw.example.net', '', 'gw.example.net'],
    ['gw.', '', 'gw.'],
  ];
  for (const [name, domain, cut] of cases) {
    it(`makes ${name} in "${domain}" ${cut}`, () => {
      assert.equal(withoutLocalDomain(name, domain), cut);
    });
  }
});
