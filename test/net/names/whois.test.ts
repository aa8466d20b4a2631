import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { ResolveError } from '../../../src/model/errors.ts';
import { WhoisClient, type WhoisOptions } from '../../../src/net/names/whois.ts';
import { closeAll, closing, freePort, whoisData, whoisServer } from './servers.ts';

const ROUTES: Record<string, string> = {
  '!r192.0.2.1/32,l': whoisData('route: 192.0.0.0/16\norigin: AS1\n\nroute: 192.0.2.0/24\norigin: AS64500\n'),
  '!r198.51.100.1/32,l': whoisData('route: 198.51.100.0/24\norigin: AS64501\n'),
  '!r2001:db8::1/128,l': whoisData('route6: 2001:db8::/32\norigin: AS64506\n'),
  '!r203.0.113.2/32,l': 'F no access\n',
};

function answer(line: string): string {
  return line === '!!' ? '' : (ROUTES[line] ?? 'D\n');
}

function clientOf(port: number, options: Partial<WhoisOptions> = {}): WhoisClient {
  const addressesOf = () => Promise.reject(new Error('no name is asked for'));
  return closing(new WhoisClient({ host: '127.0.0.1', port, timeoutMs: 10_000, addressesOf, ...options }));
}

afterEach(closeAll);

describe('WhoisClient', () => {
  it('asks all over one connection that it keeps open', async () => {
    const server = await whoisServer(answer);
    const client = clientOf(server.port);
    const addresses = ['192.0.2.1', '203.0.113.1', '2001:db8::1', '203.0.113.2', '198.51.100.1'];
    const origins = await Promise.all(addresses.map((address) => client.originOf(address)));
    assert.deepEqual(origins, [64500, undefined, 64506, undefined, 64501]);
    assert.equal(await client.originOf('192.0.2.1'), 64500);
    assert.equal(server.connections, 1);
    assert.deepEqual(server.lines.slice(0, 2), ['!!', '!r192.0.2.1/32,l']);
  });

  it('reads replies that come in pieces', async () => {
    const server = await whoisServer((line, socket) => {
      for (const octet of answer(line)) socket.write(octet);
      return '';
    });
    assert.equal(await clientOf(server.port).originOf('192.0.2.1'), 64500);
  });

  it('asks the next address of a name where the first does not answer', async () => {
    const server = await whoisServer(answer);
    const names: string[] = [];
    const addressesOf = (name: string) => Promise.resolve(names.push(name) > 0 ? ['::1', '127.0.0.1'] : []);
    const client = clientOf(server.port, { host: 'whois.example', addressesOf });
    assert.equal(await client.originOf('192.0.2.1'), 64500);
    assert.deepEqual(names, ['whois.example']);
  });

  it('connects again when the server has ended an idle connection', async () => {
    let ended: Promise<unknown> | undefined;
    const server = await whoisServer((line, socket) => {
      if (line === '!!') return '';
      ended = once(socket, 'close');
      socket.end(answer(line));
      return undefined;
    });
    const client = clientOf(server.port);
    assert.equal(await client.originOf('192.0.2.1'), 64500);
    await ended;
    assert.equal(await client.originOf('198.51.100.1'), 64501);
    assert.equal(server.connections, 2);
  });

  it('connects again for each question with a server that answers one a connection', async () => {
    const server = await whoisServer((line, socket) => {
      if (line !== '!!' && !socket.writableEnded) socket.end(answer(line));
      return line === '!!' ? '' : undefined;
    });
    const client = clientOf(server.port);
    const addresses = ['192.0.2.1', '2001:db8::1', '198.51.100.1'];
    const origins = await Promise.all(addresses.map((address) => client.originOf(address)));
    assert.deepEqual(origins, [64500, 64506, 64501]);
    assert.equal(server.connections, 3);
  });

  const failures: [
    what: string,
    answer: (line: string, socket: Socket) => string | undefined,
    reason?: RegExp,
  ][] = [
    ['says nothing', () => '', /no answer within 0\.03 s/],
    ['talks nonsense', () => 'HTTP/1.0 400 Bad Request\r\n\r\n', /not a whois server/],
    ['sends data of another length', () => 'A5\norigin: AS666\nC\n'],
    ['stops in mid-reply', () => 'A100\norigin: AS666\n'],
    ['never ends its line', () => 'A'.repeat(4000)],
    ['ends the connection', (_line, socket) => void socket.end(), /it ends the connection/],
    ['resets the connection', (_line, socket) => void socket.resetAndDestroy(), /ECONNRESET/],
  ];
  for (const [what, failing, reason = /./] of failures) {
    it(`gives up a server that ${what}, for the run, and says so once`, async () => {
      const server = await whoisServer((line, socket) => (line === '!!' ? '' : failing(line, socket)));
      const warnings: string[] = [];
      const warn = (message: string) => void warnings.push(message);
      const client = clientOf(server.port, { timeoutMs: 30, warn });
      const origins = await Promise.all(
        ['192.0.2.1', '198.51.100.1'].map((address) => client.originOf(address)),
      );
      assert.deepEqual(origins, [undefined, undefined]);
      const asked = server.lines.length;
      assert.equal(await client.originOf('2001:db8::1'), undefined);
      assert.deepEqual([server.connections, server.lines.length], [1, asked]);
      const [warning = '', ...more] = warnings;
      assert.match(warning, /^no AS numbers from 127\.0\.0\.1: .* \(-a asks DNS\)$/);
      assert.match(warning, reason);
      assert.deepEqual(more, []);
    });
  }

  it('gives up where nobody listens, or the name has no address', async () => {
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    assert.equal(await clientOf(await freePort(), { warn }).originOf('192.0.2.1'), undefined);
    assert.equal(await clientOf(43, { host: 'no.example', warn }).originOf('192.0.2.1'), undefined);
    assert.match(warnings[0] ?? '', /^no AS numbers from 127\.0\.0\.1: connect: Connection refused \(/);
    assert.match(warnings[1] ?? '', /^no AS numbers from no\.example: no name is asked for/);
  });

  it('opens the connection that it asks over', async () => {
    const server = await whoisServer(answer);
    const client = clientOf(server.port);
    await client.open();
    await client.open();
    assert.equal(await client.originOf('192.0.2.1'), 64500);
    assert.equal(server.connections, 1);
  });

  it('says why it cannot open one, does not warn besides, and asks nothing any more', async () => {
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    const refused = clientOf(await freePort(), { warn });
    await assert.rejects(refused.open(), new ResolveError('connect: Connection refused'));
    assert.equal(await refused.originOf('192.0.2.1'), undefined);
    const unnamed = clientOf(43, { host: 'no.example', warn });
    await assert.rejects(unnamed.open(), new ResolveError('no name is asked for'));
    assert.deepEqual(warnings, []);
  });

  it('stops opening when it is closed', async () => {
    const addressesOf = () => new Promise<never>(() => undefined);
    const client = clientOf(43, { host: 'whois.example', addressesOf });
    const opening = client.open();
    client.close();
    await opening;
    assert.equal(await client.originOf('192.0.2.1'), undefined);
  });

  it('ends what is under way when it is closed', async () => {
    const server = await whoisServer((line) => {
      if (line !== '!!') client.close();
      return '';
    });
    const warnings: string[] = [];
    const client = clientOf(server.port, { warn: (message) => void warnings.push(message) });
    assert.equal(await client.originOf('192.0.2.1'), undefined);
    assert.equal(await client.originOf('192.0.2.1'), undefined);
    assert.deepEqual(warnings, []);
  });
});
