import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readCache as readCacheInto, readSource, writeCache, type Source } from '../../src/bin/cache-file.ts';

const COMPILED = Buffer.from('compiled, so many octets');
const TEXT = 'the source';
const ROOM = 1 << 20;
/** A user without any right. */
const NOBODY = 65_534;

const skip = process.getuid?.() === 0 ? false : 'only root gives files away';

describe('the file of the compile cache', () => {
  let folder = '';
  let path = '';
  let source: Source;
  const sourceOf = (text: string): Source => {
    writeFileSync(join(folder, 'commands.js'), text);
    return readSource(join(folder, 'commands.js'), Buffer.alloc(ROOM));
  };

  const readCache = (file: string, of: Source): Buffer | undefined =>
    readCacheInto(file, of, Buffer.alloc(ROOM));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cache-file-'));
    path = join(folder, 'commands.cache');
    source = sourceOf(TEXT);
    writeCache(path, source, COMPILED);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('gives back what was compiled of a source', () => {
    assert.deepEqual(readCache(path, source), COMPILED);
  });

  it('takes the room of the source, once the source is compared', () => {
    const room = Buffer.alloc(ROOM);
    const of = readSource(join(folder, 'commands.js'), room);
    assert.deepEqual(readCacheInto(path, of, room), COMPILED);
    assert.deepEqual(room.subarray(0, COMPILED.length), COMPILED);
  });

  it('is not read where the room does not hold it, nor is a source', () => {
    assert.equal(readCacheInto(path, source, Buffer.alloc(COMPILED.length - 1)), undefined);
    const file = join(folder, 'commands.js');
    assert.throws(() => readSource(file, Buffer.alloc(TEXT.length)), { message: /larger than 10 octets/ });
  });

  it('may be larger than what is compared at a time', () => {
    const large = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    writeCache(path, source, large);
    assert.deepEqual(readCache(path, source), large);
    const octets = readFileSync(path);
    octets.writeUInt8(octets.readUInt8(599_999) ^ 1, 599_999);
    writeFileSync(path, octets);
    assert.equal(readCache(path, source), undefined);
  });

  it('is not read with any bit flipped', () => {
    const whole = readFileSync(path);
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const octets = Buffer.from(whole);
      octets.writeUInt8(octets.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      writeFileSync(path, octets);
      assert.equal(readCache(path, source), undefined, `bit ${bit}`);
    }
  });

  it('is not read cut short anywhere, nor with octets to spare', () => {
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      assert.equal(readCache(path, source), undefined, `${length} octets`);
    }
    for (const spare of [1, 2]) {
      writeFileSync(path, Buffer.concat([whole, Buffer.alloc(spare)]));
      assert.equal(readCache(path, source), undefined);
    }
  });

  it('is not read for another source of the same length', () => {
    assert.equal(readCache(path, sourceOf('THE source')), undefined);
    assert.deepEqual(readCache(path, sourceOf(TEXT)), COMPILED);
  });

  for (const mode of [0o664, 0o646, 0o666]) {
    it(`is not read where others may write it: ${mode.toString(8)}`, () => {
      chmodSync(path, mode);
      assert.equal(readCache(path, source), undefined);
    });
  }

  it('is not read where it is a link, a folder or a pipe, or missing', () => {
    renameSync(path, join(folder, 'elsewhere'));
    assert.equal(readCache(path, source), undefined);
    symlinkSync('elsewhere', path);
    assert.equal(readCache(path, source), undefined);
    rmSync(path);
    mkdirSync(path);
    assert.equal(readCache(path, source), undefined);
    rmSync(path, { recursive: true });
    assert.equal(spawnSync('mkfifo', [path]).status, 0);
    assert.equal(readCache(path, source), undefined);
  });

  it('is not read where it is of another user than the source, root included', { skip }, () => {
    chownSync(path, NOBODY, NOBODY);
    assert.equal(readCache(path, source), undefined);
    chownSync(path, 0, 0);
    assert.deepEqual(readCache(path, source), COMPILED);
    assert.equal(readCache(path, { ...source, uid: NOBODY }), undefined);
  });

  it('is written for all to read and for its owner alone to write, whatever the umask', () => {
    for (const mask of [0, 0o077]) {
      const before = process.umask(mask);
      writeCache(path, source, COMPILED);
      process.umask(before);
      assert.equal(statSync(path).mode & 0o777, 0o644);
    }
  });

  it('belongs to the owner of the source when root writes it', { skip }, () => {
    writeCache(path, { ...source, uid: NOBODY }, COMPILED);
    assert.equal(statSync(path).uid, NOBODY);
    assert.deepEqual(readCache(path, { ...source, uid: NOBODY }), COMPILED);
  });

  it('is not written by a user whose file nobody would read', { skip }, () => {
    rmSync(path);
    chmodSync(folder, 0o777);
    process.seteuid?.(NOBODY);
    try {
      writeCache(path, source, COMPILED);
    } finally {
      process.seteuid?.(0);
    }
    assert.deepEqual(readdirSync(folder), ['commands.js']);
  });

  it('is not written through a link that somebody has put in the way', () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'untouched');
    symlinkSync(target, `${path}.${process.pid}`);
    writeCache(path, source, COMPILED);
    assert.equal(readFileSync(target, 'utf8'), 'untouched');
    assert.deepEqual(readCache(path, source), COMPILED);
  });
});
