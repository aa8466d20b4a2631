import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { jsonText } from '../../src/formats/json-text.ts';

describe('jsonText', () => {
  it('escapes what a terminal might obey', () => {
    assert.equal(
      jsonText({ name: 'a\u001b\u009b\u202e\n\u{e0041}é' }),
      '{\n  "name": "a\\u001b\\u009b\\u202e\\n\\udb40\\udc41é"\n}\n',
    );
  });

  it('is read as what was written, whatever comes, and holds nothing that does not print', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        const text = jsonText({ texts });
        assert.deepEqual(JSON.parse(text), { texts });
        assert.doesNotMatch(text, /[^\P{C}\n]/u);
      }),
    );
  });
});
