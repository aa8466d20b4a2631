import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HostsFile } from '../../../src/net/names/hosts-file.ts';

const HOSTS = new HostsFile(`# a table
127.0.0.1   localhost
::1         localhost ip6-localhost	loopback # both
192.0.2.1   gw.example.net gw   GATEWAY
192.0.2.2   gw.example.net
2001:DB8:0::1 six.example.net six
192.0.2.1   second-name
fe80::1     link.example
300.1.1.1   no.example
192.0.2.9
nonsense
`);

describe('HostsFile', () => {
  it('has no host without a name, at the end of whatever line', () => {
    const hosts = new HostsFile('192.0.2.1 a\n\n192.0.2.2 b \n#\n');
    for (const name of ['', '.']) assert.equal(hosts.resolve(name, [4, 6]), undefined);
  });

  const names: [name: string, families: (4 | 6)[], canonicalName: string, addresses: string[]][] = [
    ['localhost', [4, 6], 'localhost', ['127.0.0.1', '::1']],
    ['localhost', [6, 4], 'localhost', ['::1', '127.0.0.1']],
    ['localhost', [6], 'localhost', ['::1']],
    ['gateway', [4], 'gw.example.net', ['192.0.2.1']],
    ['GW.example.net.', [4, 6], 'gw.example.net', ['192.0.2.1', '192.0.2.2']],
    ['six', [4, 6], 'six.example.net', ['2001:db8::1']],
  ];
  for (const [name, families, canonicalName, addresses] of names) {
    it(`knows ${name} of the families ${families.join(' and ')}`, () => {
      assert.deepEqual(HOSTS.resolve(name, families), { canonicalName, addresses });
    });
  }

  it('does not know other names, other families, or lines that make no sense', () => {
    assert.equal(HOSTS.resolve('else.example', [4, 6]), undefined);
    assert.equal(HOSTS.resolve('six', [4]), undefined);
    assert.equal(HOSTS.resolve('no.example', [4, 6]), undefined);
    assert.equal(HOSTS.resolve('constructor', [4, 6]), undefined);
  });

  it('names addresses by the first line that has them', () => {
    assert.equal(HOSTS.nameOf('192.0.2.1'), 'gw.example.net');
    assert.equal(HOSTS.nameOf('2001:db8::1'), 'six.example.net');
    assert.equal(HOSTS.nameOf('fe80::1%eth0'), 'link.example');
    assert.equal(HOSTS.nameOf('192.0.2.9'), undefined);
  });

  it('takes comments for no names, and a name only as a whole word', () => {
    const hosts = new HostsFile('192.0.2.1 a # b\n#192.0.2.2 b\n192.0.2.3 xb b.x\n192.0.2.4 c b#d\n');
    assert.deepEqual(hosts.resolve('b', [4]), { canonicalName: 'c', addresses: ['192.0.2.4'] });
    assert.equal(hosts.resolve('d', [4]), undefined);
    assert.equal(hosts.nameOf('192.0.2.2'), undefined);
  });

  it('takes the text of an address as it stands, whatever it may mean in a pattern', () => {
    const hosts = new HostsFile(
      '192.0x2.1 a\n1920.2.1 b\n::ffff:192.0.2.1 mapped\n192.0.2.1 c.d\n192.0.2.2 cxd\n',
    );
    assert.equal(hosts.nameOf('192.0.2.1'), 'c.d');
    assert.equal(hosts.nameOf('::ffff:c000:201'), 'mapped');
    assert.deepEqual(hosts.resolve('c.d', [4]), { canonicalName: 'c.d', addresses: ['192.0.2.1'] });
  });

  it('tells an address once, and finds a family behind very many lines of the other', () => {
    const many = Array.from({ length: 1000 }, (_, index) => `192.0.2.${index % 2} a\n`).join('');
    const hosts = new HostsFile(`${many}2001:db8::1 a\n`);
    assert.deepEqual(hosts.resolve('a', [6, 4])?.addresses, ['2001:db8::1', '192.0.2.0', '192.0.2.1']);
  });

  it('takes every line end', () => {
    assert.equal(new HostsFile('192.0.2.1 a\r\n192.0.2.2 b\r\n').nameOf('192.0.2.1'), 'a');
  });
});
