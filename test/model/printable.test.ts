import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { oneLine, printableLines } from '../../src/model/printable.ts';

describe('oneLine', () => {
  it('keeps what prints, in any script and of any length', () => {
    for (const text of ['', 'a b', 'bücher.例え', 'x'.repeat(1000)]) assert.equal(oneLine(text), text);
  });

  it('lets no control, format character or end of line through, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.doesNotMatch(oneLine(text), /[\p{C}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('printableLines', () => {
  it('keeps ends of lines and tabs alone', () => {
    assert.equal(printableLines('a\n\tb\u001b[2J\r\nc\u009b\u202e\u2028'), 'a\n\tb?[2J?\nc???');
  });
});
