import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransportError } from '../../src/model/errors.ts';
import { errorOfCode, errorOfText } from '../../src/net/system-error.ts';

const rows = [
  ['EACCES', 'Permission denied'],
  ['EADDRINUSE', 'Address already in use'],
  ['EADDRNOTAVAIL', 'Cannot assign requested address'],
  ['EHOSTUNREACH', 'No route to host'],
  ['EMSGSIZE', 'Message too long'],
  ['ENETUNREACH', 'Network is unreachable'],
  ['ENOBUFS', 'No buffer space available'],
  ['EPERM', 'Operation not permitted'],
] as const;

describe('errors of the system', () => {
  for (const [code, text] of rows) {
    it(`${code}: ${text}`, () => {
      const ofText = errorOfText(new Error(text));
      assert.ok(ofText instanceof TransportError);
      assert.equal(ofText.code, code);
      assert.equal(ofText.message, text);
      const ofCode = errorOfCode(Object.assign(new Error(`send ${code} 192.0.2.1`), { code }));
      assert.equal(ofCode.code, code);
      assert.equal(ofCode.message, text);
    });
  }

  it('a text of the BSDs has the same code, and keeps its words', () => {
    const error = errorOfText(new Error("Can't assign requested address"));
    assert.deepEqual([error.code, error.message], ['EADDRNOTAVAIL', "Can't assign requested address"]);
    assert.equal(
      errorOfText(new Error('Address family not supported by protocol family')).code,
      'EAFNOSUPPORT',
    );
  });

  it('an unknown text keeps its words', () => {
    const error = errorOfText(new Error('Something else'));
    assert.equal(error.code, 'UNKNOWN');
    assert.equal(error.message, 'Something else');
  });

  it('an unknown code keeps its words', () => {
    const error = errorOfCode(Object.assign(new Error('bind EWHAT'), { code: 'EWHAT' }));
    assert.equal(error.code, 'UNKNOWN');
    assert.equal(error.message, 'bind EWHAT');
  });

  it('what is no error is told as text', () => {
    assert.equal(errorOfText('Operation not permitted').code, 'EPERM');
  });

  it('remembers its cause', () => {
    const cause = new Error('Operation not permitted');
    assert.equal(errorOfText(cause).cause, cause);
  });
});
