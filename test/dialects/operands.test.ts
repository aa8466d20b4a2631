import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PATH, tcptraceroute, traceroute, type RunOptions } from './run-command.ts';

const TARGET = PATH.dst.addr;
const names = {
  'shop.example/A': [TARGET],
  'two.example/AAAA': ['fd99::1'],
};
const options: RunOptions = {
  path: {
    ...PATH,
    src6: 'fd00::1',
    hops: [],
    dst: { ...PATH.dst, addr6: 'fd99::1' },
    dns: { addr: '10.0.0.53', names },
  },
};
const HOST = 'expected a name or an address, such as shop.example or 192.0.2.1';

/** What is pasted, how it is read, and the address that is traced. */
const READ: readonly (readonly [text: string, host: string, port?: number])[] = [
  ['https://shop.example/path?query#part', 'shop.example', 443],
  ['HTTP://shop.example', 'shop.example', 80],
  ['ftp://user:secret@shop.example:2121/x', 'shop.example', 2121],
  ['shop.example/index.html', 'shop.example'],
  ['shop.example:443', 'shop.example', 443],
  ['shop.example:https', 'shop.example', 443],
  ['shop.example:', 'shop.example'],
  [`${TARGET}:8080`, TARGET, 8080],
  ['[fd99::1]', 'fd99::1'],
  ['[fd99::1]:443', 'fd99::1', 443],
  ['https://[fd99::1]:8443/', 'fd99::1', 8443],
  ['admin@shop.example', 'shop.example'],
  ['ssh://admin@shop.example', 'shop.example', 22],
  ['admin@[fd99::1]', 'fd99::1'],
  [` ${TARGET} `, TARGET],
  ['\tshop.example\n', 'shop.example'],
  [' fd99::1 ', 'fd99::1'],
  [`${TARGET}/24`, TARGET],
  [`${TARGET}/32`, TARGET],
  ['fd99::1/64', 'fd99::1'],
];

const REFUSED: readonly (readonly [text: string, message: string])[] = [
  ['10.99.0.0/24', '10.99.0.0/24: a network, not a host (give one address of it)'],
  ['10.99.0.128/25', '10.99.0.128/25: a network, not a host (give one address of it)'],
  ['10.99/16', '10.99/16: a network, not a host (give one address of it)'],
  ['10.99.0.1/255.255.255.0', '10.99.0.1/255.255.255.0: a network, not a host (give one address of it)'],
  ['fd99::/64', 'fd99::/64: a network, not a host (give one address of it)'],
  ['', `the host is empty (${HOST})`],
  [' ', `the host is empty (${HOST})`],
  ['a.example b.example', `a.example b.example: no single host (${HOST})`],
  ['https://', `https://: no single host (${HOST})`],
  ['[shop.example]', `[shop.example]: no single host (${HOST})`],
  ['[fd99::1', `[fd99::1: no single host (${HOST})`],
  ['/?', '/?: no host (options begin with "-"; --help lists all options)'],
  ['/d', '/d: no host (options begin with "-"; --help lists all options)'],
  ['a:b:c', `a:b:c: no single host (${HOST})`],
  ['shop.example:0', 'shop.example:0: no single host, for 0 is no port (1 to 65535, or a service)'],
  [
    'shop.example:65536',
    'shop.example:65536: no single host, for 65536 is no port (1 to 65535, or a service)',
  ],
  [
    'shop.example:nosuch',
    'shop.example:nosuch: no single host, for nosuch is no port (1 to 65535, or a service)',
  ],
];

describe('a host as it is pasted', () => {
  for (const [text, host, port] of READ) {
    const note = `${text.trim()}: read as ${host}`;
    it(`traceroute traces ${JSON.stringify(text)}, and says how it read it`, async () => {
      const { err, status, probes } = await traceroute(['-q1', '-n', text], options);
      const advice = port === undefined ? '' : ` (TCP to its port is -P tcp -e -p ${port})`;
      assert.equal(err.split('\n')[0], `traceroute: ${note}${advice}`);
      assert.equal(status, 0);
      assert.ok(probes.length > 0);
    });

    it(`tcptraceroute traces ${JSON.stringify(text)}, to the port that it has`, async () => {
      const { err, datagrams } = await tcptraceroute(['-q1', '-n', text], options);
      assert.equal(err.split('\n')[0], note + (port === undefined ? '' : `, port ${port}`));
      assert.match(err, new RegExp(`on TCP port ${port ?? 80}\\b`));
      assert.ok(datagrams.length > 0);
    });
  }

  for (const [text, message] of REFUSED) {
    it(`is refused in words where it is ${JSON.stringify(text)}`, async () => {
      const { err, status, probes } = await traceroute([text], options);
      assert.deepEqual([err, status, probes.length], [`traceroute: ${message}\n`, 1, 0]);
    });
  }

  it('yields to a port of its own for tcptraceroute', async () => {
    const { err } = await tcptraceroute(['-q1', '-n', 'https://shop.example/', '80'], options);
    assert.match(err, /^https:\/\/shop\.example\/: read as shop\.example, port 80\n.*\n.* on TCP port 80\b/);
  });

  it('is not remarked upon where it is a host alone', async () => {
    for (const host of ['shop.example', 'shop.example.', TARGET, 'fd99::1', '10.6488065']) {
      const { err } = await traceroute(['-q1', '-n', host], options);
      assert.match(err, /^traceroute to /, host);
    }
  });

  it('reaches a terminal without control characters', async () => {
    const { err } = await traceroute(['a\u001b[2J b'], options);
    assert.doesNotMatch(err, /\u001b/);
  });
});

describe('a name without addresses of the family asked for', () => {
  const only = (family: 4 | 6) =>
    `it has no IPv${family} address, only IPv${family === 4 ? 6 : 4} (use -${family === 4 ? 6 : 4})`;
  for (const [line, message] of [
    ['-4 two.example', `traceroute: unknown host two.example: ${only(4)}\n`],
    ['-6 shop.example', `traceroute: unknown host shop.example: ${only(6)}\n`],
    ['-4 nosuch.example', 'traceroute: unknown host nosuch.example\n'],
  ] as const) {
    it(`says so: traceroute ${line}`, async () => {
      const { err, status, probes } = await traceroute(line, options);
      assert.deepEqual([err, status, probes.length], [message, 1, 0]);
    });
  }

  it('says so in the words of tcptraceroute too', async () => {
    const { err } = await tcptraceroute('-4 two.example', options);
    assert.equal(err, `Bad destination address: two.example: ${only(4)}\n`);
  });
});

describe('a zone that is no interface', () => {
  it('is named', async () => {
    const { err, status } = await traceroute('fe80::1%nope', options);
    assert.equal(
      err,
      'traceroute: fe80::1%nope: there is no interface nope with an address ("ip address" shows all)\n',
    );
    assert.equal(status, 1);
  });
});
