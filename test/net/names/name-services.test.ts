import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { hasOtherServices } from '../../../src/net/names/name-services.ts';
import { closeAll, fileOf } from './servers.ts';

afterEach(closeAll);

describe('an nsswitch.conf', () => {
  for (const [text, expected] of [
    ['', false],
    ['passwd: files systemd\n', false],
    ['hosts: files dns\n', false],
    ['hosts:dns # mymachines\n', false],
    ['# hosts: files mymachines\nhosts:\tfiles dns', false],
    ['hosts: files [!UNAVAIL=return NOTFOUND=continue] dns\n', false],
    ['hosts: files mdns4_minimal [NOTFOUND=return] dns\n', true],
    ['passwd: files\n hosts : mymachines files dns\n', true],
    ['hosts: files resolve [!UNAVAIL=return] dns', true],
  ] as const) {
    it(`names ${expected ? 'other services' : 'no other service'}: ${JSON.stringify(text)}`, () => {
      assert.equal(hasOtherServices(fileOf(text)), expected);
    });
  }

  it('names no other service where there is none', () => {
    assert.equal(hasOtherServices('/nonexistent'), false);
  });
});
