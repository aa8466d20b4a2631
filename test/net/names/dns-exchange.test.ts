import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { afterEach, describe, it } from 'node:test';
import { exchange, type NameServer } from '../../../src/net/names/dns-exchange.ts';
import {
  closeAll,
  freePort,
  nameServer,
  record,
  responseTo,
  silentServer,
  skipIpv6,
  TRUNCATED,
  type Asked,
} from './servers.ts';

const QUESTION = { name: 'www.example.net', type: 'A' } as const;
const GOOD = [record.a('www.example.net', '192.0.2.1')];
const EVIL = [record.a('www.example.net', '192.0.2.66')];
const PATIENT_MS = 10_000;
const SHORT_MS = 30;

const never = new AbortController().signal;

async function valuesFrom(server: NameServer, timeoutMs = PATIENT_MS): Promise<string[] | undefined> {
  const answer = await exchange(QUESTION, server, timeoutMs, never);
  return answer?.response.records.map(({ value }) => value);
}

afterEach(closeAll);

describe('exchange', () => {
  for (const [host, skip] of [
    ['127.0.0.1', false],
    ['::1', skipIpv6],
  ] as const) {
    it(`asks ${host} over UDP`, { skip }, async () => {
      const server = await nameServer((asked) => [responseTo(asked, GOOD)], host);
      assert.deepEqual(await valuesFrom(server), ['192.0.2.1']);
      assert.equal(server.asked[0]?.transport, 'udp');
    });

    it(`asks ${host} again over TCP when the answer is truncated`, { skip }, async () => {
      const server = await nameServer(
        (asked) => [
          asked.transport === 'udp' ? responseTo(asked, [], { flags: TRUNCATED }) : responseTo(asked, GOOD),
        ],
        host,
      );
      assert.deepEqual(await valuesFrom(server), ['192.0.2.1']);
      assert.deepEqual(
        server.asked.map(({ transport }) => transport),
        ['udp', 'tcp'],
      );
    });
  }

  it('has another id each time', async () => {
    const server = await nameServer((asked) => [responseTo(asked, GOOD)]);
    for (let count = 0; count < 8; count++) await valuesFrom(server);
    assert.ok(new Set(server.asked.map(({ id }) => id)).size > 1);
  });

  const nonsense: [what: string, message: (asked: Asked) => Buffer][] = [
    ['nothing at all', () => Buffer.alloc(0)],
    ['garbage', () => Buffer.from('\x1b[2Jgarbage that is longer than any header')],
    ['another id', (asked) => responseTo(asked, EVIL, { id: asked.id ^ 1 })],
    ['another name', (asked) => responseTo(asked, EVIL, { name: 'evil.example' })],
    ['another type', (asked) => responseTo(asked, EVIL, { type: 'AAAA' })],
    ['half a response', (asked) => responseTo(asked, EVIL).subarray(0, -5)],
    ['a compression loop', (asked) => Buffer.concat([withCount(asked, 1), Buffer.from('c021', 'hex')])],
    ['10,000 records that are not there', (asked) => withCount(asked, 10_000)],
  ];
  for (const transport of ['udp', 'tcp'] as const) {
    for (const [what, message] of nonsense) {
      it(`passes over ${what} on ${transport} and waits on`, async () => {
        const server = await nameServer((asked) => {
          if (asked.transport !== transport) return [responseTo(asked, [], { flags: TRUNCATED })];
          return [message(asked), responseTo(asked, GOOD)];
        });
        assert.deepEqual(await valuesFrom(server), ['192.0.2.1']);
      });
    }
  }

  it('passes over what another than the server sends', async () => {
    const other = createSocket('udp4').bind(0, '127.0.0.1');
    const server = createSocket('udp4');
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
    server.on('message', (octets, { port, address }) => {
      const asked: Asked = { ...QUESTION, id: octets.readUInt16BE(0), transport: 'udp' };
      other.send(responseTo(asked, EVIL), port, address, () => {
        server.send(responseTo(asked, GOOD), port, address);
      });
    });
    assert.deepEqual(await valuesFrom({ address: '127.0.0.1', port: server.address().port }), ['192.0.2.1']);
    other.close();
    server.close();
  });

  it('takes as many records as TCP can carry', async () => {
    const many = Array.from({ length: 1900 }, (_, index) =>
      record.a(QUESTION.name, `192.0.${index >> 8}.${index & 255}`),
    );
    const server = await nameServer((asked) => [
      asked.transport === 'udp' ? responseTo(asked, [], { flags: TRUNCATED }) : responseTo(asked, many),
    ]);
    assert.equal((await valuesFrom(server))?.length, 1900);
  });

  it('gives up after the timeout', async () => {
    const server = await silentServer();
    assert.equal(await valuesFrom(server, SHORT_MS), undefined);
    assert.equal(server.asked.length, 1);
  });

  it('gives up at once where nobody listens', async () => {
    assert.equal(await valuesFrom({ address: '127.0.0.1', port: await freePort() }), undefined);
  });

  it('gives up at once on a zone that there is not', async () => {
    assert.equal(await valuesFrom({ address: 'fe80::1%nosuch0', port: 53 }), undefined);
  });

  it('gives up when TCP is reset', async () => {
    const server = await nameServer((asked) =>
      asked.transport === 'udp' ? [responseTo(asked, [], { flags: TRUNCATED })] : [],
    );
    assert.equal(await valuesFrom(server), undefined);
    assert.equal(server.asked.length, 2);
  });

  it('gives up when TCP never ends its garbage', async () => {
    const server = await nameServer((asked) => [
      asked.transport === 'udp' ? responseTo(asked, [], { flags: TRUNCATED }) : Buffer.alloc(5000),
    ]);
    assert.equal(await valuesFrom(server, SHORT_MS), undefined);
  });

  it('ends when it is closed, and asks nothing after that', async () => {
    const closing = new AbortController();
    const server = await nameServer(() => {
      closing.abort();
      return [];
    });
    assert.equal(await exchange(QUESTION, server, PATIENT_MS, closing.signal), undefined);
    assert.equal(await exchange(QUESTION, server, PATIENT_MS, closing.signal), undefined);
    assert.equal(server.asked.length, 1);
  });
});

function withCount(asked: Asked, count: number): Buffer {
  const octets = responseTo(asked, []);
  octets.writeUInt16BE(count, 6);
  return octets;
}
