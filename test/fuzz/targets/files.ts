/** The files of a system that are read: hosts(5), resolv.conf(5), services(5) and protocols(5). No text makes them throw. */
import assert from 'node:assert/strict';
import { familyOf } from '../../../src/model/address.ts';
import { parseNumberFile } from '../../../src/net/host/number-file.ts';
import { HostsFile } from '../../../src/net/names/hosts-file.ts';
import { parseResolvConf } from '../../../src/net/names/resolv-conf.ts';
import { octetsOfTexts, textOf, type Target } from '../target.ts';

/** Names that are looked up in each file: a lookup searches the text, so that all together take their time. */
const LOOKUPS = 2;

export const files: Target = {
  name: 'files',
  seeds: octetsOfTexts(
    '127.0.0.1 localhost\n::1 localhost ip6-localhost # loopback\nfe80::1%eth0 router\n',
    'nameserver 192.0.2.53\nnameserver fe80::1%2\nsearch example.com example.net.\noptions ndots:2 timeout:9 attempts:1 rotate\n',
    'domain .example.org\n; comment\noptions ndots:99999999999999999999 timeout:-1\n',
    'domain 53/udp\nhttp 80/tcp www www-http # World Wide Web\nsctp 132 SCTP\nbad 65536/tcp\n',
  ),
  words: octetsOfTexts(
    ...[
      'nameserver ',
      'search ',
      'options ',
      'timeout:',
      '127.0.0.1 ',
      '::ffff:192.0.2.1 ',
      'fe80::%',
      '/tcp',
      ' 80',
    ],
    ...['\n', '\t', '#', ';', '\u0000', '\u001b[2J', '\u00a0', '__proto__', 'constructor', '.', '\r'],
  ),
  largest: 4096,
  run: (input) => {
    const text = textOf(input);
    const hosts = new HostsFile(text);
    const words = text.split(/\s+/).slice(0, LOOKUPS);
    for (const word of words) {
      const found = hosts.resolve(word, [4, 6])?.addresses ?? [];
      assert.ok(found.every((address) => [4, 6].includes(familyOf(address))));
      hosts.nameOf(word);
    }
    const { servers, ndots, timeoutMs, attempts } = parseResolvConf(text, 'example.com');
    assert.ok(servers.length >= 1 && servers.length <= 3);
    assert.ok(
      ndots >= 0 && ndots <= 15 && timeoutMs >= 1000 && timeoutMs <= 30_000 && attempts >= 1 && attempts <= 5,
    );
    for (const { number, names } of parseNumberFile(text)) {
      assert.ok(Number.isInteger(number) && number >= 0 && number <= 0xffff && names.length > 0);
    }
  },
};
