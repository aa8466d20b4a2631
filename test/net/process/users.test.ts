import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { UsageError } from '../../../src/model/errors.ts';
import { invokingUser, unprivilegedUser } from '../../../src/net/process/users.ts';

const skip = process.getuid?.() === 0 ? false : 'only root is called by others';

describe('the user who called root', { skip }, () => {
  it('is the one whom sudo names', () => {
    assert.deepEqual(invokingUser({ SUDO_UID: '1000', SUDO_GID: '100' }), { uid: 1000, gid: 100 });
    assert.deepEqual(invokingUser({ SUDO_UID: '4294967294', SUDO_GID: '0' }), { uid: 4_294_967_294, gid: 0 });
  });

  it('is nobody else where sudo has not been used, or by root', () => {
    assert.equal(invokingUser({}), undefined);
    assert.equal(invokingUser({ SUDO_UID: '0', SUDO_GID: '0' }), undefined);
  });

  for (const [env, what] of [
    [{ SUDO_UID: '1000' }, 'SUDO_GID is missing'],
    [{ SUDO_GID: '1000' }, 'SUDO_UID is missing'],
    [{ SUDO_UID: '', SUDO_GID: '1000' }, 'SUDO_UID is missing'],
    [{ SUDO_UID: '1e3', SUDO_GID: '1000' }, 'SUDO_UID is no id: 1e3'],
    [{ SUDO_UID: '-1', SUDO_GID: '1000' }, 'SUDO_UID is no id: -1'],
    [{ SUDO_UID: '0x3e8', SUDO_GID: '1000' }, 'SUDO_UID is no id: 0x3e8'],
    [{ SUDO_UID: '1000.0', SUDO_GID: '1000' }, 'SUDO_UID is no id: 1000.0'],
    [{ SUDO_UID: ' 1000', SUDO_GID: '1000' }, 'SUDO_UID is no id:  1000'],
    [{ SUDO_UID: '4294967295', SUDO_GID: '1000' }, 'SUDO_UID is no id: 4294967295'],
    [{ SUDO_UID: '99999999999', SUDO_GID: '1000' }, 'SUDO_UID is no id: 99999999999'],
    [{ SUDO_UID: '1000', SUDO_GID: '-2' }, 'SUDO_GID is no id: -2'],
    [{ SUDO_UID: '1\u001b[2J', SUDO_GID: '1' }, 'SUDO_UID is no id: 1?[2J'],
  ] as const) {
    it(`cannot be told from ${JSON.stringify(env)}`, () => {
      assert.throws(
        () => invokingUser(env),
        (error) =>
          error instanceof UsageError &&
          error.message ===
            `cannot tell for whom root runs this: ${what} (SUDO_UID and SUDO_GID go together)`,
      );
    });
  }
});

describe('the user that root becomes', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'passwd-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const userIn = (...lines: string[]): { uid: number; gid: number } => {
    const file = join(folder, 'passwd');
    writeFileSync(file, lines.join('\n'));
    return unprivilegedUser(file);
  };
  const ROOT = 'root:x:0:0:root:/root:/bin/bash';

  it('is nobody', () => {
    assert.deepEqual(userIn(ROOT, 'nobody:x:99:98:nobody:/:/bin/false', ''), { uid: 99, gid: 98 });
    assert.deepEqual(userIn('nobody:x:99:98:nobody:/:/bin/false'), { uid: 99, gid: 98 });
  });

  it('is polytrace where there is one', () => {
    const lines = [ROOT, 'nobody:x:99:98:::', 'notpolytrace:x:5:5:::', 'polytrace:x:700:701:::'];
    assert.deepEqual(userIn(...lines), { uid: 700, gid: 701 });
  });

  it('is never root, whatever name root has', () => {
    assert.deepEqual(userIn('polytrace:x:0:0:::', 'nobody:x:99:98:::'), { uid: 99, gid: 98 });
    assert.deepEqual(userIn('polytrace:x::0:::', 'nobody:x:-4294967296:98:::'), { uid: 65_534, gid: 65_534 });
  });

  it('may have the numbers of macOS', () => {
    assert.deepEqual(userIn('nobody:*:-2:-2:Unprivileged User:/var/empty:/usr/bin/false'), {
      uid: 4_294_967_294,
      gid: 4_294_967_294,
    });
  });

  it('is who the kernel takes for nobody where there is no file, or none of these users in it', () => {
    assert.deepEqual(unprivilegedUser('/nonexistent'), { uid: 65_534, gid: 65_534 });
    assert.deepEqual(userIn(ROOT), { uid: 65_534, gid: 65_534 });
  });
});
