import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import * as ipAddress from 'ip-address';
import { deferredExports, IP_ADDRESS } from '../../src/build/ip-address.ts';

/** Evaluates the deferred module; `asked` lists what it has required so far. */
function evaluated(): { exports: Partial<typeof ipAddress>; asked: string[] } {
  const exports: Partial<typeof ipAddress> = {};
  const asked: string[] = [];
  const require = (name: string): unknown => {
    asked.push(name);
    return ipAddress;
  };
  runInNewContext(deferredExports(Object.keys(ipAddress)), { exports, require });
  return { exports, asked };
}

describe('the deferred ip-address', () => {
  it('has every export of the package, and loads it for none of the names', () => {
    const { exports, asked } = evaluated();
    assert.deepEqual(Object.keys(exports).sort(), Object.keys(ipAddress).sort());
    assert.deepEqual(asked, []);
  });

  it('loads the package, and gives what it exports, once an export is read', () => {
    const { exports, asked } = evaluated();
    assert.equal(exports.Address6, ipAddress.Address6);
    assert.deepEqual(asked, [IP_ADDRESS]);
  });
});
