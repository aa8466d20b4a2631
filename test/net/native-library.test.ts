import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isCutShort, isLonger } from '../../src/net/native-library.ts';

/** A library that has one part, octets 100 to 199. elf(5) */
function library(): Uint8Array {
  const octets = new Uint8Array(200);
  const view = new DataView(octets.buffer);
  octets.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  view.setBigUint64(32, 64n, true);
  view.setUint16(54, 40, true);
  view.setUint16(56, 1, true);
  octets.fill(0, 64);
  view.setBigUint64(64 + 8, 100n, true);
  view.setBigUint64(64 + 32, 100n, true);
  return octets;
}

describe('a native library', () => {
  it('is whole with all that its headers announce, and cut short with an octet less', () => {
    const octets = library();
    assert.equal(isLonger(octets, 200), false);
    assert.equal(isLonger(octets, 5000), false);
    assert.equal(isLonger(octets, 199), true);
  });

  it('is cut short anywhere within its headers', () => {
    for (let length = 6; length < 104; length++) {
      assert.equal(isLonger(library().subarray(0, length), length), true, `${length} octets`);
    }
  });

  it('may have more headers than are read', () => {
    const octets = library();
    new DataView(octets.buffer).setUint16(56, 1000, true);
    assert.equal(isLonger(octets, 64 + 40 * 1000 - 1), true);
    assert.equal(isLonger(octets, 64 + 40 * 1000), false);
  });

  it('is left to the linker where it is no such file, or none', () => {
    assert.equal(isLonger(Uint8Array.of(0xcf, 0xfa, 0xed, 0xfe), 4), false); // Mach-O
    assert.equal(isLonger(new Uint8Array(0), 0), false);
    assert.equal(isCutShort('/nonexistent'), false);
    assert.equal(isCutShort('/'), false);
  });

  it('is read from its file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'library-'));
    try {
      const path = join(folder, 'library.node');
      writeFileSync(path, library());
      assert.equal(isCutShort(path), false);
      writeFileSync(path, library().subarray(0, 150));
      assert.equal(isCutShort(path), true);
      // the program that runs this, of whatever system
      writeFileSync(path, readFileSync(process.execPath).subarray(0, 1 << 20));
      assert.equal(isCutShort(process.execPath), false);
      if (process.platform === 'linux') assert.equal(isCutShort(path), true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
