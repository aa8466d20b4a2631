/** Covers routers.ts: the chain of kernel routers that the tests of this folder run over. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { labMissing } from './lab.ts';
import { labNamespaces } from './namespaces.ts';
import { openRouters, type Routers } from './routers.ts';

const skip = labMissing() ?? false;

/** Connects to an address and port; prints `connected` or the error's code. */
const CONNECT = `
  const [host, port] = process.argv.slice(1);
  require('node:net').connect({ host, port: Number(port) })
    .on('connect', function () { console.log('connected'); this.destroy(); })
    .on('error', ({ code }) => console.log(code));`;

/** Sends one datagram with a TTL and prints the first ICMP that comes back: its source, type and code. */
const PROBE = `
  const socket = require('raw-socket').createSocket({ protocol: 1 });
  const [host, port, ttl] = process.argv.slice(1);
  socket.on('message', (octets, source) => {
    console.log(source, octets[20], octets[21]);
    process.exit();
  });
  const sender = require('node:dgram').createSocket('udp4');
  sender.bind(0, () => { sender.setTTL(Number(ttl)); sender.send('probe', Number(port), host); });
  setTimeout(() => process.exit(3), 5000);`;

describe('a chain of kernel routers', { skip }, () => {
  let routers: Routers;
  before(() => {
    routers = openRouters(3);
  });
  after(() => {
    routers.close();
  });

  const run = async (text: string, ...args: string[]) => {
    const { stdout, stderr, status } = await routers.exec('src', process.execPath, ['-e', text, ...args]);
    assert.deepEqual([stderr, status], ['', 0]);
    return stdout.trim();
  };

  it('takes one TTL at each router', async () => {
    const target = routers.destination[4];
    assert.equal(target, '10.4.0.1');
    const answers = await Promise.all(['1', '2', '3'].map(async (ttl) => run(PROBE, target, '33435', ttl)));
    // all raw sockets of src hear every reply, so these three may hear each other's
    for (const answer of answers) assert.match(answer, /^10\.[123]\.0\.1 11 0$/);
    assert.equal(await run(PROBE, target, '33435', '3'), '10.3.0.1 11 0');
    assert.equal(await run(PROBE, target, '33435', '4'), '10.4.0.1 3 3');
  });

  it('sends ICMP errors without a rate limit', async () => {
    const burst = `
      const socket = require('raw-socket').createSocket({ protocol: 1 });
      let count = 0;
      socket.on('message', () => { if (++count === 200) { console.log(count); process.exit(); } });
      const sender = require('node:dgram').createSocket('udp4');
      sender.bind(0, () => {
        sender.setTTL(1);
        for (let port = 1; port <= 200; port++) sender.send('probe', port, process.argv[1]);
      });
      setTimeout(() => { console.log(count); process.exit(); }, 3000);`;
    assert.equal(await run(burst, routers.destination[4]), '200');
  });

  it('carries TCP to a listener in dst, over both families', async () => {
    await routers.listen(443);
    for (const target of [routers.destination[4], routers.destination[6]]) {
      assert.equal(await run(CONNECT, target, '443'), 'connected');
      assert.equal(await run(CONNECT, target, '444'), 'ECONNREFUSED');
    }
  });

  it("obeys a router's rules, and counts what they match", async () => {
    routers.nft(
      'r2',
      `table inet filter {
        chain forward {
          type filter hook forward priority 0;
          udp dport 9999 counter reject with icmp type admin-prohibited
          tcp dport 9998 counter reject with tcp reset
        }
      }
`,
    );
    const target = routers.destination[4];
    assert.equal(await run(PROBE, target, '9999', '9'), '10.2.0.1 3 13');
    assert.equal(await run(PROBE, target, '9999', '2'), '10.2.0.1 11 0');
    assert.equal(await run(CONNECT, target, '9998'), 'ECONNREFUSED');
    const counts = [...routers.rules('r2').matchAll(/counter packets (\d+)/g)].map(([, count]) => count);
    assert.deepEqual(counts, ['1', '1']);
  });

  it('refuses what is no rule and what is no node', () => {
    assert.throws(() => routers.nft('r1', 'nonsense'), /nft -f -: .*syntax error/s);
    assert.throws(() => routers.namespaceOf('r9'), /no node r9 \(src, r1, r2, r3, dst\)/);
  });

  it('leaves no namespace behind when it is closed', () => {
    const other = openRouters(1);
    const names = ['src', 'r1', 'dst'].map((node) => other.namespaceOf(node));
    assert.ok(names.every((name) => labNamespaces().includes(name)));
    other.close();
    other.close();
    assert.ok(!labNamespaces().some((name) => names.includes(name)));
  });
});
