import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { encodeLooseSourceRoute } from '../../src/wire/ipv4-options.ts';
import { octetsOf } from '../../src/model/address.ts';
import { reverseName } from '../../src/net/names/reverse-name.ts';
import { datagramOf, tcpProbe, udpProbe } from '../sim/make-probe.ts';
import { normalise } from '../sim/normalise.ts';
import type { PathFormat } from '../sim/path-format.ts';
import { labEnvironment } from './command.ts';
import { labMissing, openLab, runInLab, type Lab } from './lab.ts';
import { labNamespaces, removeLeftovers } from './namespaces.ts';

const PATH: PathFormat = {
  src: '10.0.0.1',
  extra_src: ['10.0.0.7'],
  hops: [
    { addr: '10.1.0.1', delay: 2 },
    { addr: '10.2.0.1', delay: 4 },
  ],
  dst: { addr: '10.99.0.1', delay: 6, udp: { 7: 'echo' }, tcp: { 80: 'open' } },
  dns: {
    addr: '10.0.0.53',
    names: { 'edge.example.net/A': ['10.1.0.1'], '1.0.1.10.in-addr.arpa/PTR': ['edge.example.net'] },
  },
};

const skip = labMissing() ?? false;

/** Runs a script of Node's own modules in the tracer's namespace. */
function script(text: string, ...args: string[]): [string, string[]] {
  return [process.execPath, ['-e', text, ...args]];
}

/** Sends whole datagrams, given in hex, through a raw socket, and prints those that `protocol` brings back. */
const RAW = `
const { createSocket } = require('raw-socket');
const [protocol, wanted, ...datagrams] = process.argv.slice(1);
const sender = createSocket({ protocol: 255 });
const receiver = createSocket({ protocol: Number(protocol) });
let count = 0;
receiver.on('message', (octets) => {
  console.log(octets.toString('hex'));
  if (++count >= Number(wanted)) process.exit();
});
for (const hex of datagrams) {
  const octets = Buffer.from(hex, 'hex');
  sender.send(octets, 0, octets.length, '10.99.0.1', (error) => { if (error) throw error; });
}
if (Number(wanted) === 0) setImmediate(() => setTimeout(process.exit, 20));
setTimeout(() => process.exit(3), 5000);`;

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');

describe('the lab', { skip }, () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
  });
  after(() => {
    lab.close();
  });

  it('plays the path: its echo comes back, and the probe is on the record as it was sent', async () => {
    await lab.take(PATH);
    const echo = `
      const socket = require('node:dgram').createSocket('udp4');
      socket.on('message', (octets, { address, port }) => {
        console.log(String(octets), address, port);
        socket.close();
      });
      socket.bind(0, '10.0.0.7', () => {
        socket.setTTL(3);
        socket.send('hello', 7, '10.99.0.1');
      });`;
    const { status, stdout, stderr, probes } = await lab.run(...script(echo));
    assert.deepEqual([status, stdout, stderr], [0, 'hello 10.99.0.1 7\n', '']);
    // the checksum is left to the interface, which has nobody to make it for
    assert.deepEqual(
      probes.map(({ ttl, src, dst, dport, proto, len }) => [ttl, src, dst, dport, proto, len]),
      [[3, '10.0.0.7', '10.99.0.1', 7, 17, 33]],
    );
  });

  it('answers with errors from the hops, in time, and nothing but those', async () => {
    await lab.take(PATH);
    const sent = [1, 2, 3].map((ttl) => udpProbe({ ttl }));
    const { status, stdout, probes } = await lab.run(...script(RAW, '1', '3', ...sent.map(hex)));
    assert.equal(status, 0);
    const replies = stdout
      .trim()
      .split('\n')
      .map((line) => Buffer.from(line, 'hex'));
    assert.deepEqual(
      replies.map((octets) => [octets.subarray(12, 16).join('.'), octets[20], octets[21], octets.length]),
      [
        ['10.1.0.1', 11, 0, 68],
        ['10.2.0.1', 11, 0, 68],
        ['10.99.0.1', 3, 3, 68],
      ],
    );
    assert.deepEqual(replies[0]?.subarray(28), Buffer.from(sent[0] ?? []));
    assert.deepEqual(
      probes.map(({ ttl, l4sum_ok, ipsum_ok }) => [ttl, l4sum_ok, ipsum_ok]),
      [
        [1, true, true],
        [2, true, true],
        [3, true, true],
      ],
    );
  });

  it("keeps its kernel quiet: a filtered port answers nothing, and a SYN-ACK is the path's alone", async () => {
    await lab.take({ ...PATH, dst: { ...PATH.dst, tcp_default: 'filtered' } });
    const probes = [tcpProbe({ ttl: 3, port: 81 }), tcpProbe({ ttl: 3, port: 80 })];
    const result = await lab.run(...script(RAW, '6', '1', ...probes.map(hex)));
    assert.equal(result.status, 0);
    const reply = Buffer.from(result.stdout.trim(), 'hex');
    assert.deepEqual([reply.readUInt16BE(20), reply[33]], [80, 0x12]);
    // the tracer's kernel resets the SYN-ACK that it did not ask for, which is no probe
    assert.deepEqual(
      result.probes.map(({ dport, flags }) => [dport, flags]),
      [
        [81, 2],
        [80, 2],
      ],
    );
  });

  it('sees any protocol and option as it was sent', async () => {
    await lab.take(PATH);
    const options = encodeLooseSourceRoute([octetsOf('10.99.0.1')]);
    const sent = [
      datagramOf(99, new Uint8Array(20), { ttl: 3 }),
      udpProbe({ ttl: 2, destination: '10.2.0.1', options }),
    ];
    const { probes } = await lab.run(...script(RAW, '1', '2', ...sent.map(hex)));
    assert.deepEqual(probes.map(({ proto, dst, opts, ipsum_ok }) => [proto, dst, opts, ipsum_ok]).sort(), [
      [17, '10.2.0.1', '018307040a630001', true],
      [99, '10.99.0.1', '', true],
    ]);
  });

  it('answers names, which are no probes', async () => {
    await lab.take(PATH);
    const lookup = `
      const { resolve4, reverse } = require('node:dns').promises;
      Promise.all([resolve4('edge.example.net'), reverse('10.1.0.1'), resolve4('no.example').catch(({ code }) => code)])
        .then((answers) => console.log(JSON.stringify(answers)));`;
    const { stdout, probes } = await lab.run(...script(lookup));
    assert.deepEqual(JSON.parse(stdout), [['10.1.0.1'], ['edge.example.net'], 'ENOTFOUND']);
    assert.deepEqual(probes, []);
  });

  it('carries IPv6, to which names lead that a server of IPv6 knows', async () => {
    const [router, target, server] = ['fd01::1', 'fd99::1', 'fd00::53'];
    await lab.take({
      ...PATH,
      src6: 'fd00::1',
      hops: [{ addr: '10.1.0.1', addr6: router, delay: 2 }],
      dst: { addr: '10.99.0.1', addr6: target, delay: 4 },
      dns: {
        addr: server,
        names: { 'target.example/AAAA': [target], [`${reverseName(router)}/PTR`]: ['edge.example.net'] },
      },
    });
    const command = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
    const { stdout, stderr, probes } = await lab.run(process.execPath, [command, '-q1', 'target.example']);
    assert.equal(stderr, `traceroute to target.example (${target}), 64 hops max, 60 byte packets\n`);
    assert.equal(
      normalise(stdout),
      ` 1  edge.example.net (${router})  <rtt> ms\n 2  ${target} (${target})  <rtt> ms`,
    );
    assert.deepEqual(
      probes
        .slice(0, 2)
        .map(({ ttl, src, dst, proto, len, l4sum_ok }) => [ttl, src, dst, proto, len, l4sum_ok]),
      [1, 2].map((ttl) => [ttl, 'fd00::1', target, 17, 60, true]),
    );
  });

  it('forgets the path before: its addresses, its name server and its probes', async () => {
    await lab.take({ src: '10.0.0.2', hops: [], dst: { addr: '10.98.0.1' } });
    const addresses = `console.log(require('node:os').networkInterfaces().tun0.map((entry) => entry.address).join());
      console.log(require('node:fs').readFileSync('/etc/resolv.conf', 'utf8').length)`;
    const { stdout, probes } = await lab.run(...script(addresses));
    assert.equal(stdout, '10.0.0.2\n0\n');
    assert.deepEqual(probes, []);
  });
});

describe('what a lab leaves behind', { skip }, () => {
  it('is nothing when it is closed', async () => {
    const { status, stdout } = await runInLab(PATH, 'ip', ['-brief', 'address', 'show', 'tun0']);
    assert.equal(status, 0);
    assert.match(stdout, /^tun0\S* +U\w+ +10\.0\.0\.1\/32 10\.0\.0\.7\/32/);
    assert.deepEqual(ofProcess(process.pid), []);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`is nothing after ${signal}`, async () => {
      const pid = await startAndEnd(signal);
      assert.deepEqual(ofProcess(pid), []);
    });
  }

  it('is cleared by the next one after SIGKILL', async () => {
    const pid = await startAndEnd('SIGKILL');
    const names = ofProcess(pid);
    assert.equal(names.length, 2);
    removeLeftovers();
    assert.deepEqual(ofProcess(pid), []);
    for (const name of names) assert.equal(existsSync(`/etc/netns/${name}`), false);
  });
});

function ofProcess(pid: number): string[] {
  return labNamespaces().filter((name) => name.startsWith(`pt-${pid}-`));
}

/** Opens a lab in a process of its own, ends that with a signal, and answers its pid. */
async function startAndEnd(signal: NodeJS.Signals): Promise<number> {
  const module = JSON.stringify(new URL('lab.ts', import.meta.url).href);
  const text = `
    const { openLab } = await import(${module});
    await (await openLab()).take(${JSON.stringify(PATH)});
    console.log('open');
    setInterval(() => {}, 1000);`;
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', text];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: labEnvironment(),
  });
  await once(createInterface({ input: child.stdout }), 'line');
  const ended = once(child, 'exit');
  child.kill(signal);
  assert.deepEqual(await ended, [null, signal]);
  return child.pid ?? 0;
}
