import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Family } from '../../src/model/address.ts';
import { TransportError, type SystemErrorCode } from '../../src/model/errors.ts';
import { openFamilies } from '../../src/net/open-families.ts';

/** Opens all but one family. */
function openWithout(missing: Family, code: SystemErrorCode, families: readonly Family[]): Family[] {
  const opened: Family[] = [];
  openFamilies(families, (family) => {
    if (family === missing) throw new TransportError(code, code);
    opened.push(family);
  });
  return opened;
}

describe('opening families', () => {
  it('leaves out what the system does not have', () => {
    assert.deepEqual(openWithout(6, 'EAFNOSUPPORT', [6, 4]), [4]);
    assert.deepEqual(openWithout(4, 'EAFNOSUPPORT', [4, 6]), [6]);
  });

  it('fails when nothing is left', () => {
    assert.throws(() => openWithout(6, 'EAFNOSUPPORT', [6]), { code: 'EAFNOSUPPORT' });
  });

  it('fails with whatever else is wrong', () => {
    assert.throws(() => openWithout(6, 'EPERM', [6, 4]), { code: 'EPERM' });
  });
});
