/** Covers the names that only the C library finds, and name servers that do not answer, over kernel routers. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { normalise } from '../sim/normalise.ts';
import { mustRun } from './command.ts';
import { labMissing } from './lab.ts';
import { configure } from './namespaces.ts';
import { openRouters, type Routers } from './routers.ts';

const TRACEROUTE = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));

/** A service of the C library's that knows one host, box.machines, at 10.2.0.1. nss(5), glibc's "Extending NSS" */
const SERVICE = `
#include <errno.h>
#include <netdb.h>
#include <nss.h>
#include <string.h>
#include <sys/socket.h>
static const unsigned char address[4] = {10, 2, 0, 1};
static enum nss_status fill(struct hostent *host, char *buffer, size_t length, int *error) {
  char **list = (char **)buffer, *octets = buffer + 3 * sizeof(char *);
  if (length < 64) { errno = ERANGE; *error = NETDB_INTERNAL; return NSS_STATUS_TRYAGAIN; }
  memcpy(octets, address, 4);
  strcpy(octets + 4, "box.machines");
  list[0] = octets; list[1] = 0; list[2] = 0;
  *host = (struct hostent){octets + 4, list + 2, AF_INET, 4, list};
  return NSS_STATUS_SUCCESS;
}
enum nss_status _nss_ptlab_gethostbyname2_r(const char *name, int family, struct hostent *host, char *buffer,
                                            size_t length, int *code, int *error) {
  if (family == AF_INET && !strcmp(name, "box.machines")) return fill(host, buffer, length, error);
  *error = HOST_NOT_FOUND;
  return NSS_STATUS_NOTFOUND;
}
enum nss_status _nss_ptlab_gethostbyaddr_r(const void *of, socklen_t size, int family, struct hostent *host,
                                           char *buffer, size_t length, int *code, int *error) {
  if (family == AF_INET && !memcmp(of, address, 4)) return fill(host, buffer, length, error);
  *error = HOST_NOT_FOUND;
  return NSS_STATUS_NOTFOUND;
}`;

/** Why no service can be made here; undefined when one can. */
function compilerMissing(): string | undefined {
  const { status } = spawnSync('cc', ['--version']);
  return status === 0 ? undefined : 'a service of the C library takes a C compiler';
}

describe('names over kernel routers', { skip: labMissing() ?? compilerMissing() ?? false }, () => {
  let routers: Routers;
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nss-'));
    chmodSync(folder, 0o755); // the command loads the service once it is no longer root
    writeFileSync(join(folder, 'service.c'), SERVICE);
    const library = join(folder, 'libnss_ptlab.so.2');
    mustRun('cc', ['-shared', '-fPIC', '-o', library, join(folder, 'service.c')]);
    routers = openRouters(1);
    configure(routers.namespaceOf('src'), 'resolv.conf', '');
  });
  after(() => {
    routers.close();
    rmSync(folder, { recursive: true });
  });

  const trace = (...args: readonly string[]) =>
    routers.exec('src', process.execPath, [TRACEROUTE, ...args], { env: { LD_LIBRARY_PATH: folder } });

  it('are found in both directions by a service that nsswitch.conf names', async () => {
    configure(routers.namespaceOf('src'), 'nsswitch.conf', 'hosts: files ptlab [NOTFOUND=continue] dns\n');
    const { stdout, stderr } = await trace('-q1', 'box.machines');
    assert.equal(stderr, 'traceroute to box.machines (10.2.0.1), 64 hops max, 40 byte packets\n');
    assert.match(normalise(stdout), /\n 2 {2}box\.machines \(10\.2\.0\.1\) {2}<rtt> ms$/);
  });

  for (const services of ['files dns', 'files ptlab dns']) {
    it(`may exist where nobody answers: ${services}`, async () => {
      configure(routers.namespaceOf('src'), 'nsswitch.conf', `hosts: ${services}\n`);
      const { status, stdout, stderr } = await trace('www.example');
      assert.equal(stderr, 'traceroute: www.example: Temporary failure in name resolution\n');
      assert.deepEqual([status, stdout], [1, '']);
    });
  }

  it('are given up at once where a router says that there is no way to the server', async () => {
    const source = routers.namespaceOf('src');
    configure(source, 'nsswitch.conf', 'hosts: files dns\n');
    configure(source, 'resolv.conf', 'nameserver 10.77.0.1\noptions timeout:30\n');
    mustRun('ip', ['-n', routers.namespaceOf('r1'), 'route', 'add', 'unreachable', '10.77.0.0/16']);
    const before = performance.now();
    const { stderr } = await trace('www.example');
    assert.equal(stderr, 'traceroute: www.example: Temporary failure in name resolution\n');
    assert.ok(performance.now() - before < 10_000);
  });
});
