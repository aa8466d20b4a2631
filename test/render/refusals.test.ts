import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tcptraceroute, traceroute, PATH } from '../dialects/run-command.ts';

/** A firewall of this machine that lets nothing out to the ports of the first probes. */
const firewall = (protocol: string, ports: readonly number[]) => ({
  ...PATH,
  nft: [
    'add table ip t',
    'add chain ip t o { type filter hook output priority 0; }',
    ...ports.map((port) => `add rule ip t o ${protocol} dport ${port} drop`),
  ],
});
const linesOf = (text: string, pattern: RegExp): number =>
  text.split('\n').filter((line) => pattern.test(line)).length;

describe('refusals to send', () => {
  it('of traceroute are shown six times, and the rest is counted in one line', async () => {
    const { out, err, status } = await traceroute('-n -P tcp -e -p 25 -m 5 10.99.0.1', {
      path: firewall('tcp', [25]),
    });
    assert.equal(linesOf(err, /^traceroute: sendto: Operation not permitted$/), 6);
    assert.match(err, /\ntraceroute: sendto: Operation not permitted \(9 more probes were not sent\)\n$/);
    assert.equal(linesOf(out, /wrote 10\.99\.0\.1 40 chars, ret=-1$/), 6);
    assert.match(out, /\n 3 {2}\* \* \*\n 4 {2}\* \* \*\n 5 {2}\* \* \*\n$/);
    assert.equal(status, 0);
  });

  it('that are few are shown alone', async () => {
    const ports = Array.from({ length: 6 }, (_, index) => 33_435 + index);
    const { out, err } = await traceroute('-n 10.99.0.1', { path: firewall('udp', ports) });
    assert.equal(linesOf(err, /sendto: Operation not permitted/), 6);
    assert.match(out, /\n 3 {2}10\.99\.0\.1 {2}/);
    assert.doesNotMatch(err, /more/);
  });

  it('of tcptraceroute are shown and counted likewise', async () => {
    const { err } = await tcptraceroute('-n -m 3 -q 4 10.99.0.1 25', { path: firewall('tcp', [25]) });
    const text = 'tcptraceroute: cannot send to 10.99.0.1: Operation not permitted';
    assert.equal(err.split('\n').filter((line) => line === text).length, 6);
    assert.ok(err.endsWith(`${text} (6 more probes were not sent)\nDestination not reached\n`), err);
  });

  it('of which one was not shown are counted in good English', async () => {
    const { err } = await traceroute('-n -P tcp -e -p 25 -m 1 -q 7 10.99.0.1', {
      path: firewall('tcp', [25]),
    });
    assert.match(err, /\(1 more probe was not sent\)\n$/);
  });
});
