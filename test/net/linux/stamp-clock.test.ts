import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { platformLayout } from '../../../src/net/linux/layout.ts';
import { CLOCK_REALTIME } from '../../../src/net/linux/constants.ts';
import { loadLibc } from '../../../src/net/linux/libc.ts';
import { StampClock, type KernelStamp } from '../../../src/net/linux/stamp-clock.ts';
import { nowMs } from '../../../src/net/monotonic-clock.ts';

const skip = platformLayout() ? false : "the kernel's calls are not known here";

describe('stamp clock', { skip }, () => {
  /** The kernel's clock now, in the form of a stamp. */
  function stampNow(clock: StampClock): KernelStamp {
    const libc = loadLibc();
    const time = libc.allocate(libc.layout.time.size);
    libc.check(libc.call('clock_gettime')(CLOCK_REALTIME, time.octets));
    return clock.stampIn(time.view);
  }

  it('tells a stamp of before its reading from one of after it', () => {
    const clock = new StampClock(loadLibc());
    const before = stampNow(clock);
    clock.read();
    const after = stampNow(clock);
    assert.ok(clock.timeOf(before) !== undefined);
    assert.equal(clock.timeOf(after), undefined);
  });

  it("brings stamps to the process's own scale, within microseconds", () => {
    const clock = new StampClock(loadLibc());
    const errorsMs = Array.from({ length: 100 }, () => {
      const beforeMs = nowMs();
      const stamp = stampNow(clock);
      const afterMs = nowMs();
      clock.read();
      const atMs = clock.timeOf(stamp) ?? Infinity;
      return Math.max(beforeMs - atMs, atMs - afterMs, 0);
    });
    // the median: any one reading may have been interrupted
    assert.ok((errorsMs.sort((a, b) => a - b)[50] ?? Infinity) < 0.002);
  });

  it('keeps nanoseconds apart, whatever the year', () => {
    const clock = new StampClock(loadLibc());
    clock.read();
    const stamp = { seconds: 1_800_000_000, nanoseconds: 999_999_999 };
    const later = { seconds: 1_800_000_001, nanoseconds: 0 };
    const differenceMs = clock.ageMs(stamp) - clock.ageMs(later);
    assert.ok(Math.abs(differenceMs - 1e-6) < 1e-4, String(differenceMs));
    const exact = new StampClock(loadLibc()); // not read: at 0
    assert.ok(Math.abs(exact.ageMs({ seconds: 0, nanoseconds: 1 }) + 1e-6) < 1e-12);
  });
});
