import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requirePackage, UnavailableError } from '../../src/net/optional-package.ts';

describe('optional packages', () => {
  it('are loaded when they are installed', () => {
    assert.ok(requirePackage('ip-address'));
  });

  it('leave the way to native libraries as it was', () => {
    const before = Object.getOwnPropertyDescriptor(process, 'dlopen');
    requirePackage('koffi');
    assert.deepEqual(Object.getOwnPropertyDescriptor(process, 'dlopen'), before);
  });

  it('say what to install when they are not', () => {
    assert.throws(
      () => requirePackage('no-such-package'),
      (error) =>
        error instanceof UnavailableError &&
        error.message === 'no-such-package is not installed (npm install no-such-package)',
    );
  });
});
