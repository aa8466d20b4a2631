/** Covers the hosts that people name: in any script, and where no name server answers or all refuse. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PATH, tcptraceroute, traceroute } from '../dialects/run-command.ts';

const SERVER = { addr: '10.53.0.1' };
const KNOWN = { ...SERVER, names: { 'xn--bcher-kva.example/A': ['10.99.0.1'] } };

describe('a host', () => {
  it('is asked for in ASCII, and shown as it was typed', async () => {
    const path = { ...PATH, dns: KNOWN };
    const { err, status } = await traceroute('-n b\u00fccher.example', { path });
    assert.equal(err, 'traceroute to b\u00fccher.example (10.99.0.1), 64 hops max, 40 byte packets\n');
    assert.equal(status, 0);
    const tcp = await tcptraceroute('-n b\u00fccher.example', { path });
    assert.match(tcp.err, /\nTracing the path to b\u00fccher\.example \(10\.99\.0\.1\) on TCP port 80/);
  });

  for (const [what, dns] of [
    ['does not answer', { ...SERVER, names: {}, dead: true }],
    ['fails', { ...SERVER, names: { 'www.example/A': 'servfail', 'www.example/AAAA': 'servfail' } }],
  ] as const) {
    it(`may exist where the name server ${what}`, async () => {
      const { err, status } = await traceroute('www.example', { path: { ...PATH, dns } });
      assert.equal(err, 'traceroute: www.example: Temporary failure in name resolution\n');
      assert.equal(status, 1);
    });
  }

  it('is unknown where the name server knows it not', async () => {
    const { err } = await traceroute('www.example', { path: { ...PATH, dns: KNOWN } });
    assert.equal(err, 'traceroute: unknown host www.example\n');
  });
});
