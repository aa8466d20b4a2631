import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { platformLayout } from '../../../src/net/linux/layout.ts';

/** Prints the compiler's own offsets and sizes, in the order of layout.ts. */
const PROGRAM = `
#define _GNU_SOURCE
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <linux/filter.h>
#define P(n) printf("%zu ", (size_t)(n))
#define M(m) P(offsetof(struct mmsghdr, m))
int main(void) {
  P(sizeof(struct mmsghdr));
  M(msg_hdr.msg_name); M(msg_hdr.msg_namelen); M(msg_hdr.msg_iov); M(msg_hdr.msg_iovlen);
  M(msg_hdr.msg_control); M(msg_hdr.msg_controllen); M(msg_hdr.msg_flags); M(msg_len);
  P(sizeof(struct iovec)); P(offsetof(struct iovec, iov_base)); P(offsetof(struct iovec, iov_len));
  P(offsetof(struct cmsghdr, cmsg_len)); P(offsetof(struct cmsghdr, cmsg_level));
  P(offsetof(struct cmsghdr, cmsg_type)); P(CMSG_LEN(0)); P(CMSG_ALIGN(1));
  P(sizeof(struct timespec)); P(offsetof(struct timespec, tv_sec)); P(offsetof(struct timespec, tv_nsec));
  P(sizeof(struct sock_fprog)); P(offsetof(struct sock_fprog, len)); P(offsetof(struct sock_fprog, filter));
}`;

const compiler = spawnSync('cc', ['--version']).status === 0;

describe('layout of structures', () => {
  it('is known where it was looked up, and nowhere else', () => {
    for (const architecture of ['x64', 'arm64', 'riscv64', 'loong64']) {
      assert.ok(platformLayout('linux', architecture), architecture);
    }
    for (const [platform, architecture] of [
      ['darwin', 'arm64'],
      ['freebsd', 'x64'],
      ['linux', 'arm'],
      ['linux', 'ia32'],
      ['linux', 's390x'],
    ]) {
      assert.equal(platformLayout(platform, architecture), undefined, `${platform} ${architecture}`);
    }
  });

  const why = compiler && platformLayout() ? false : 'no C compiler, or a platform whose layout is not known';
  it("is the C compiler's", { skip: why }, () => {
    const compiled = spawnSync(
      'sh',
      ['-c', 'cc -x c -o "$0" - && "$0"; rm -f "$0"', `/tmp/layout-${process.pid}`],
      {
        input: PROGRAM,
        encoding: 'utf8',
      },
    );
    assert.equal(compiled.stderr, '');
    const layout = platformLayout();
    assert.ok(layout);
    const { message, vector, control, time, program } = layout;
    const structures: readonly Readonly<Record<string, number>>[] = [message, vector, control, time, program];
    const ours = structures.flatMap((members) => Object.values(members));
    assert.deepEqual(compiled.stdout.trim().split(' ').map(Number), ours);
  });
});
