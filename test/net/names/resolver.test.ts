import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, it } from 'node:test';
import { ResolveError } from '../../../src/model/errors.ts';
import type { Resolver } from '../../../src/ports/resolver.ts';
import { openResolver, type ResolverOptions } from '../../../src/net/names/resolver.ts';
import {
  closeAll,
  closing,
  fileOf,
  nameServer,
  record,
  silentServer,
  skipIpv6,
  untilFree,
  whoisData,
  whoisServer,
  zone,
  type TestNameServer,
} from './servers.ts';

const HOSTS =
  '192.0.2.1 listed.example listed\n2001:db8::1 listed.example listed\n192.0.2.7 \x1b[2J\n127.0.1.1 me.lab.example me\n';
const ORIGIN = '2.2.0.192.origin.asn.cymru.com';
const NIBBLES = `2.${'0.'.repeat(23)}8.b.d.0.1.0.0.2`;

const ANSWER = zone({
  'A www.example': [record.cname('www.example', 'host.example'), record.a('host.example', '192.0.2.2')],
  'AAAA www.example': [
    record.cname('www.example', 'host.example'),
    record.aaaa('host.example', '2001:db8::2'),
  ],
  'A short.one.example': [],
  'A short.two.example': [
    record.a('short.two.example', '192.0.2.3'),
    record.a('short.two.example', '192.0.2.4'),
  ],
  'A odd.example': [
    record.cname('odd.example', '\x1b]0;x\x07\nhost'),
    record.a('\x1b]0;x\x07\nhost', '192.0.2.5'),
  ],
  'PTR 2.2.0.192.in-addr.arpa': [
    record.cname('2.2.0.192.in-addr.arpa', '2.0-63.2.0.192.in-addr.arpa'),
    record.ptr('2.0-63.2.0.192.in-addr.arpa', 'host.example'),
  ],
  [`PTR ${NIBBLES}.ip6.arpa`]: [record.ptr(`${NIBBLES}.ip6.arpa`, 'host6.example')],
  'PTR 5.2.0.192.in-addr.arpa': [record.ptr('5.2.0.192.in-addr.arpa', '\x1b[31mred\x07.example')],
  'PTR 6.2.0.192.in-addr.arpa': [record.ptr('6.2.0.192.in-addr.arpa', 'a\n 1  192.0.2.66')],
  'PTR 8.2.0.192.in-addr.arpa': [record.ptr('8.2.0.192.in-addr.arpa', '.')],
  [`TXT ${ORIGIN}`]: [
    record.txt(ORIGIN, '64500 | 192.0.0.0/16 | US | arin | 1998-09-25'),
    record.txt(ORIGIN, '64501 64502 | 192.0.2.0/24 | US | arin | 1998-09-25'),
  ],
  [`TXT ${NIBBLES}.origin6.asn.cymru.com`]: [
    record.txt(`${NIBBLES}.origin6.asn.cymru.com`, '64506 | 2001:db8::/32 | | |'),
  ],
});

/** A wait for servers that do not answer. */
const BRIEF = { timeoutMs: 20 };

function resolverOf(servers: readonly TestNameServer[], options: ResolverOptions = {}): Resolver {
  const resolvConf = fileOf('search one.example two.example\n');
  return closing(
    openResolver({
      hostsFile: fileOf(HOSTS),
      resolvConf,
      servers,
      timeoutMs: 25,
      hostname: 'me',
      ...options,
    }),
  );
}

afterEach(closeAll);

describe('resolve', () => {
  it('asks nobody for a literal', async () => {
    const server = await nameServer(ANSWER);
    const resolver = resolverOf([server]);
    assert.deepEqual(await resolver.resolve('192.0.2.9', [4, 6]), {
      canonicalName: '192.0.2.9',
      addresses: ['192.0.2.9'],
    });
    assert.deepEqual((await resolver.resolve('2001:DB8::0:9', [6])).addresses, ['2001:db8::9']);
    await assert.rejects(resolver.resolve('192.0.2.9', [6]), new ResolveError('unknown host 192.0.2.9'));
    assert.equal(server.asked.length, 0);
  });

  it('asks the hosts file first', async () => {
    const server = await nameServer(ANSWER);
    assert.deepEqual(await resolverOf([server]).resolve('LISTED', [6, 4]), {
      canonicalName: 'listed.example',
      addresses: ['2001:db8::1', '192.0.2.1'],
    });
    assert.equal(server.asked.length, 0);
  });

  it('asks for both families at once, and follows aliases', async () => {
    const server = await nameServer(ANSWER);
    const resolver = resolverOf([server]);
    assert.deepEqual(await resolver.resolve('www.example', [4, 6]), {
      canonicalName: 'host.example',
      addresses: ['192.0.2.2', '2001:db8::2'],
    });
    assert.deepEqual((await resolver.resolve('www.example', [6])).addresses, ['2001:db8::2']);
    assert.deepEqual(server.asked.map(({ type }) => type).sort(), ['A', 'AAAA']);
  });

  it('tries a short name in the search list', async () => {
    assert.deepEqual(await resolverOf([await nameServer(ANSWER)]).resolve('short', [4]), {
      canonicalName: 'short.two.example',
      addresses: ['192.0.2.3', '192.0.2.4'],
    });
  });

  it('asks the servers of resolv.conf, of both families', { skip: skipIpv6 }, async () => {
    const [first, second] = await untilFree(async () => {
      const six = await nameServer(ANSWER, '::1');
      return [six, await nameServer(ANSWER, '127.0.0.1', six.port)];
    });
    const resolvConf = fileOf('nameserver ::1\nnameserver 127.0.0.1\noptions rotate\n');
    const resolver = closing(
      openResolver({ hostsFile: '/nonexistent/hosts', resolvConf, port: first.port, hostname: 'me' }),
    );
    assert.deepEqual((await resolver.resolve('www.example', [4, 6])).addresses, ['192.0.2.2', '2001:db8::2']);
    assert.deepEqual([first.asked.length, second.asked.length], [1, 1]);
  });

  it('asks this machine where there is no resolv.conf', async () => {
    const { port } = await nameServer(ANSWER);
    const resolver = closing(openResolver({ hostsFile: '/nonexistent', resolvConf: '/nonexistent', port }));
    assert.deepEqual((await resolver.resolve('www.example', [4])).addresses, ['192.0.2.2']);
  });

  it('makes the canonical name fit for a terminal', async () => {
    const { canonicalName } = await resolverOf([await nameServer(ANSWER)]).resolve('odd.example', [4]);
    assert.equal(canonicalName, '?]0;x??host');
  });

  it('refuses what has no address', async () => {
    const resolver = resolverOf([await nameServer(ANSWER)]);
    await assert.rejects(
      resolver.resolve('none.example', [4, 6]),
      new ResolveError('unknown host none.example'),
    );
  });

  it('refuses a name that is too long without asking', async () => {
    const server = await nameServer(ANSWER);
    const message = `hostname "${'a'.repeat(32)}..." is too long`;
    await assert.rejects(resolverOf([server]).resolve('a'.repeat(64), [4]), new ResolveError(message));
    assert.equal(server.asked.length, 0);
  });

  it('does not try the search list with servers that do not answer', async () => {
    const server = await silentServer();
    await assert.rejects(
      resolverOf([server], BRIEF).resolve('short', [4]),
      new ResolveError('short: Temporary failure in name resolution'),
    );
    assert.deepEqual(new Set(server.asked.map(({ name }) => name)), new Set(['short.one.example']));
  });
});

describe('nameOf', () => {
  const cases: [what: string, address: string, name: string | undefined][] = [
    ['the hosts file', '192.0.2.1', 'listed.example'],
    ['an IPv4 address, through an alias', '192.0.2.2', 'host.example'],
    ['an IPv6 address', '2001:db8::2', 'host6.example'],
    ['no name', '192.0.2.99', undefined],
    ['escape sequences', '192.0.2.5', '?[31mred?.example'],
    ['newlines and spaces', '192.0.2.6', undefined],
    ['an empty name', '192.0.2.8', undefined],
    ['escape sequences in the hosts file', '192.0.2.7', '?[2J'],
  ];
  for (const [what, address, name] of cases) {
    it(`handles ${what}`, async () => {
      assert.equal(await resolverOf([await nameServer(ANSWER)]).nameOf(address), name);
    });
  }

  it('asks once for an address', async () => {
    const server = await nameServer(ANSWER);
    const resolver = resolverOf([server]);
    await Promise.all([resolver.nameOf('192.0.2.2'), resolver.nameOf('192.0.2.2')]);
    await resolver.nameOf('192.0.2.2');
    assert.equal(server.asked.length, 1);
  });

  it('has no name where the server answers nonsense or nothing', async () => {
    const nonsense = await nameServer(() => [Buffer.from('nonsense that is longer than a header')]);
    assert.equal(await resolverOf([nonsense], BRIEF).nameOf('192.0.2.2'), undefined);
    assert.equal(await resolverOf([await silentServer()], BRIEF).nameOf('192.0.2.2'), undefined);
  });
});

describe('originOf', () => {
  it('asks the zones of Team Cymru', async () => {
    const resolver = resolverOf([await nameServer(ANSWER)]);
    assert.equal(await resolver.originOf('192.0.2.2'), 64501);
    assert.equal(await resolver.originOf('2001:db8::2'), 64506);
    assert.equal(await resolver.originOf('192.0.2.99'), undefined);
  });

  it('asks the whois server where there is one, found by name', async () => {
    const names = await nameServer(zone({ 'A whois.example': [record.a('whois.example', '127.0.0.1')] }));
    const { port, lines } = await whoisServer((line) =>
      line === '!!' ? '' : whoisData('route: 192.0.2.0/24\norigin: AS64507\n'),
    );
    const resolver = resolverOf([names], { whoisServer: { host: 'whois.example', port } });
    assert.equal(await resolver.originOf('192.0.2.2'), 64507);
    assert.equal(await resolver.originOf('192.0.2.2'), 64507);
    assert.deepEqual(lines, ['!!', '!r192.0.2.2/32,l']);
    assert.ok(names.asked.every(({ type }) => type !== 'TXT'));
  });

  it('waits for a whois server no longer than it is told', async () => {
    const { port } = await whoisServer(() => '');
    const resolver = resolverOf([], { whoisServer: { host: '127.0.0.1', port, timeoutMs: 20 } });
    assert.equal(await resolver.originOf('192.0.2.2'), undefined);
  });

  it('asks nobody about private and local addresses', async () => {
    const server = await nameServer(ANSWER);
    const resolver = resolverOf([server]);
    for (const address of ['10.0.0.1', '192.168.1.1', '127.0.0.1', '169.254.0.1', 'fe80::1%eth0', '::1']) {
      assert.equal(await resolver.originOf(address), undefined);
    }
    assert.equal(server.asked.length, 0);
  });
});

describe('localDomain', () => {
  const cases: [hostname: string, domain: string][] = [
    ['me.example.net', 'example.net'],
    ['me', 'lab.example'],
    ['short', 'two.example'],
    ['nobody', ''],
    ['', ''],
  ];
  for (const [hostname, domain] of cases) {
    it(`is "${domain}" for ${hostname || 'no name'}`, async () => {
      assert.equal(await resolverOf([await nameServer(ANSWER)], { hostname }).localDomain(), domain);
    });
  }
});

describe('close', () => {
  it('ends all waits', async () => {
    const { port, lines } = await whoisServer(() => '');
    const resolver: Resolver = resolverOf(
      [
        await nameServer(() => {
          if (lines.length > 1) resolver.close();
          return [];
        }),
      ],
      { timeoutMs: 60_000, whoisServer: { host: '127.0.0.1', port } },
    );
    const origin = resolver.originOf('192.0.2.2');
    while (lines.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const unknown = assert.rejects(resolver.resolve('www.example', [4, 6]), ResolveError);
    assert.deepEqual(await Promise.all([origin, resolver.nameOf('192.0.2.2')]), [undefined, undefined]);
    await unknown;
    assert.equal(await resolver.nameOf('192.0.2.3'), undefined);
  });

  it('lets the process end', async () => {
    let asked = 0;
    const closeWhenAsked = () => {
      if (++asked === 2) child.stdin.end();
    };
    const { address, port: dnsPort } = await nameServer(() => {
      closeWhenAsked();
      return [];
    });
    const { port } = await whoisServer((line) => {
      if (line !== '!!') closeWhenAsked();
      return '';
    });
    const options: ResolverOptions = {
      hostsFile: '/nonexistent',
      servers: [{ address, port: dnsPort }],
      timeoutMs: 60_000,
      whoisServer: { host: '127.0.0.1', port, timeoutMs: 60_000 },
    };
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', new URL('closing-child.ts', import.meta.url).pathname, JSON.stringify(options)],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const output: Buffer[] = [];
    child.stdout.on('data', (octets: Buffer) => output.push(octets));
    assert.deepEqual(await once(child, 'close'), [0, null]);
    assert.equal(Buffer.concat(output).toString(), '[null,null]');
  });
});
