/** Covers whom a command asks for AS numbers: the server of -A, that of RA_SERVER, and one that refuses. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { normalise } from '../sim/normalise.ts';
import type { PathFormat } from '../sim/path-format.ts';
import { labMissing, openLab, type Lab } from './lab.ts';

const TRACEROUTE = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
const HEAD = 'traceroute to 10.99.0.1 (10.99.0.1), 64 hops max, 40 byte packets\n';

/** One router, whose private address the tracer's own whois server knows. */
const PATH: PathFormat = {
  src: '10.0.0.1',
  hops: [{ addr: '10.1.0.1', delay: 1 }],
  dst: { addr: '10.99.0.1', delay: 2 },
  whois: { addr: '127.0.0.1', routes: { '10.1.0.1': ['AS64512'] } },
};

describe('AS numbers', { skip: labMissing() ?? false }, () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
    await lab.take(PATH);
  });
  after(() => {
    lab.close();
  });

  const traceroute = async (args: readonly string[], server?: string) => {
    const env = server === undefined ? {} : { RA_SERVER: server };
    const { stdout, stderr } = await lab.run(process.execPath, [TRACEROUTE, '-nq1', ...args, '10.99.0.1'], {
      env,
    });
    return { out: normalise(stdout), err: stderr };
  };

  it('come from the server of RA_SERVER with -a, private addresses too', async () => {
    const { out, err } = await traceroute(['-a'], '127.0.0.1');
    assert.equal(out, ' 1  [AS64512] 10.1.0.1  <rtt> ms\n 2  [AS0] 10.99.0.1  <rtt> ms');
    assert.equal(err, HEAD);
  });

  it('come from the server of -A before that of RA_SERVER', async () => {
    const { out } = await traceroute(['-A', '127.0.0.1'], '127.0.0.2');
    assert.match(out, /^ 1 {2}\[AS64512\] 10\.1\.0\.1 /);
  });

  it('are not asked for without -a and -A, whatever RA_SERVER says', async () => {
    const { out, err } = await traceroute([], '127.0.0.2');
    assert.match(out, /^ 1 {2}10\.1\.0\.1 /);
    assert.equal(err, HEAD);
  });

  it('have no column where the server refuses, which is said before the head', async () => {
    const { out, err } = await traceroute(['-a'], '127.0.0.2');
    assert.equal(out, ' 1  10.1.0.1  <rtt> ms\n 2  10.99.0.1  <rtt> ms');
    assert.equal(
      err,
      `traceroute: connect: Connection refused\ntraceroute: as_setup failed, AS# lookups disabled\n${HEAD}`,
    );
  });

  it('have no column where the name of the server has no address', async () => {
    const { out, err } = await traceroute(['-A', 'whois.invalid']);
    assert.equal(out, ' 1  10.1.0.1  <rtt> ms\n 2  10.99.0.1  <rtt> ms');
    assert.match(
      err,
      /whois\.invalid: .*\ntraceroute: as_setup failed, AS# lookups disabled\ntraceroute to /,
    );
  });
});
