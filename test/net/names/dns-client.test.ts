import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { DnsClient, type DnsClientOptions } from '../../../src/net/names/dns-client.ts';
import {
  closeAll,
  nameServer,
  record,
  REFUSED,
  responseTo,
  SERVFAIL,
  silentServer,
  zone,
} from './servers.ts';

const ZONE = zone({
  'A one.example': [record.a('one.example', '192.0.2.1')],
  'A two.example': [record.a('two.example', '192.0.2.2')],
});
const ONE = { canonicalName: 'one.example', values: ['192.0.2.1'] };

/** Some answers never come; the others have long enough on a busy machine. */
const LOSSY = { timeoutMs: 100 };

function clientOf(servers: DnsClientOptions['servers'], options: Partial<DnsClientOptions> = {}): DnsClient {
  const closing = new AbortController().signal;
  return new DnsClient({ servers, timeoutMs: 10_000, attempts: 2, rotate: false, closing, ...options });
}

afterEach(closeAll);

describe('DnsClient', () => {
  it('asks the first server, and no other while it answers', async () => {
    const servers = [await nameServer(ZONE), await nameServer(ZONE)];
    assert.deepEqual(await clientOf(servers).query('one.example', 'A'), ONE);
    assert.deepEqual(
      servers.map(({ asked }) => asked.length),
      [1, 0],
    );
  });

  it('takes "no such name" for an answer', async () => {
    const servers = [await nameServer(ZONE), await nameServer(ZONE)];
    const answer = await clientOf(servers).query('none.example', 'A');
    assert.deepEqual(answer, { canonicalName: 'none.example', values: [] });
    assert.equal(servers[1]?.asked.length, 0);
  });

  for (const flags of [SERVFAIL, REFUSED]) {
    it(`asks the next server after response code ${flags}`, async () => {
      const failing = await nameServer((asked) => [responseTo(asked, [], { flags })]);
      assert.deepEqual(await clientOf([failing, await nameServer(ZONE)]).query('one.example', 'A'), ONE);
      const all = await clientOf([failing]).query('one.example', 'A');
      assert.deepEqual(all, { canonicalName: 'one.example', values: [], isRefused: true });
      assert.equal(failing.asked.length, 2);
    });
  }

  it('asks again what was lost', async () => {
    let lost = 0;
    const server = await nameServer((asked) => (lost++ === 0 ? [] : ZONE(asked)));
    assert.deepEqual(await clientOf([server], LOSSY).query('one.example', 'A'), ONE);
  });

  it('asks so many rounds and no more', async () => {
    const servers = [await silentServer(), await silentServer()];
    assert.equal(await clientOf(servers, { attempts: 3, timeoutMs: 5 }).query('one.example', 'A'), undefined);
    assert.deepEqual(
      servers.map(({ asked }) => asked.length),
      [3, 3],
    );
  });

  it('asks a server that did not answer after the others from then on', async () => {
    const dead = await silentServer();
    const client = clientOf([dead, await nameServer(ZONE)], LOSSY);
    assert.deepEqual(await client.query('one.example', 'A'), ONE);
    assert.ok(await client.query('two.example', 'A'));
    assert.ok(await client.query('none.example', 'A'));
    assert.equal(dead.asked.length, 1);
  });

  it('asks dead servers once a query when all are dead, and as ever once they are back', async () => {
    let alive = false;
    const server = await nameServer((asked) => (alive ? ZONE(asked) : []));
    const client = clientOf([server], LOSSY);
    await client.query('a.example', 'A');
    assert.equal(server.asked.length, 2);
    await client.query('b.example', 'A');
    assert.equal(server.asked.length, 3);
    alive = true;
    assert.deepEqual(await client.query('one.example', 'A'), ONE);
    alive = false;
    await client.query('c.example', 'A');
    assert.equal(server.asked.length, 6);
  });

  it('begins at each server in turn with "rotate"', async () => {
    const servers = [await nameServer(ZONE), await nameServer(ZONE)];
    const client = clientOf(servers, { rotate: true });
    for (const name of ['a', 'b', 'c', 'd']) await client.query(name, 'A');
    assert.deepEqual(
      servers.map(({ asked }) => asked.map(({ name }) => name)),
      [
        ['a', 'c'],
        ['b', 'd'],
      ],
    );
  });

  it('asks once for what is asked again, answered or not', async () => {
    const server = await nameServer(ZONE);
    const client = clientOf([server]);
    const both = await Promise.all([client.query('one.example', 'A'), client.query('one.example', 'A')]);
    assert.deepEqual(both, [ONE, ONE]);
    await client.query('none.example', 'A');
    await client.query('none.example', 'A');
    assert.equal(server.asked.length, 2);
    const silent = await silentServer();
    const vain = clientOf([silent], { timeoutMs: 5 });
    await vain.query('one.example', 'A');
    await vain.query('one.example', 'A');
    assert.equal(silent.asked.length, 2);
  });

  it('asks at most 32 questions at once', async () => {
    let open = 0;
    let most = 0;
    const server = await nameServer(async (asked) => {
      most = Math.max(most, ++open);
      await setTimeout(5); // the way to the server, for the others to arrive in
      open--;
      return [responseTo(asked, [])];
    });
    const client = clientOf([server]);
    await Promise.all(Array.from({ length: 100 }, (_, index) => client.query(`${index}.example`, 'A')));
    assert.equal(server.asked.length, 100);
    assert.ok(most > 1 && most <= 32, `${most} at once`);
  });

  it('ends what is under way and what is queued when it is closed', async () => {
    const closing = new AbortController();
    const server = await silentServer();
    const client = clientOf([server], { timeoutMs: 60_000, closing: closing.signal });
    const answers = Array.from({ length: 40 }, (_, index) => client.query(`${index}.example`, 'A'));
    closing.abort();
    assert.deepEqual(new Set(await Promise.all(answers)), new Set([undefined]));
  });
});
