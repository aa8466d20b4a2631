/** Names of protocols and services: from the system's files, and from the lists of our own. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { protocolNumber } from '../../../src/net/host/protocols.ts';
import { serviceName, servicePort } from '../../../src/net/host/services.ts';

const directory = mkdtempSync(join(tmpdir(), 'polytrace-'));
after(() => {
  rmSync(directory, { recursive: true });
});

/** A file of this text. */
function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const NONE = '/nonexistent';
/** Names that every object has, and none of ours. */
const INHERITED = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];

describe('protocolNumber', () => {
  const protocols = file('protocols', 'icmp 1 ICMP\nfoo 200 FooProto bar # last\ngre 48 GRE\n');
  const rows: readonly (readonly [string, string, number | undefined])[] = [
    ['foo', protocols, 200],
    ['FOO', protocols, 200],
    ['fooproto', protocols, 200],
    ['bar', protocols, 200],
    ['gre', protocols, 48],
    ['esp', protocols, 50],
    ['nosuch', protocols, undefined],
    ['icmp', NONE, 1],
    ['TCP', NONE, 6],
    ['Ipv6-Icmp', NONE, 58],
    ['ospf', NONE, 89],
    ['sctp', NONE, 132],
    ['', NONE, undefined],
    ['6', NONE, undefined],
    ...INHERITED.map((name) => [name, NONE, undefined] as const),
  ];
  for (const [name, from, expected] of rows) {
    it(`${name === '' ? 'nothing' : name}, ${from === NONE ? 'without a file' : 'with a file'}`, () => {
      assert.equal(protocolNumber(name, from), expected);
    });
  }
});

describe('servicePort and serviceName', () => {
  const services = file(
    'services',
    'discard 9/udp\nweb 80/tcp http\nbar 7000/tcp baz\nweb2 80/tcp\nfoo 7000/sctp\n',
  );
  const ports: readonly (readonly [string, string, number | undefined])[] = [
    ['web', services, 80],
    ['http', services, 80],
    ['baz', services, 7000],
    ['discard', services, undefined],
    ['foo', services, undefined],
    ['WEB', services, undefined],
    ['https', services, 443],
    ['http', NONE, 80],
    ['www', NONE, 80],
    ['mail', NONE, 25],
    ['imap', NONE, 143],
    ['nosuch', NONE, undefined],
    ...INHERITED.map((name) => [name, NONE, undefined] as const),
  ];
  for (const [name, from, expected] of ports) {
    it(`the port of ${name}, ${from === NONE ? 'without a file' : 'with a file'}`, () => {
      assert.equal(servicePort(name, from), expected);
    });
  }

  const names: readonly (readonly [number, string, string | undefined])[] = [
    [80, services, 'web'],
    [7000, services, 'bar'],
    [9, services, undefined],
    [443, services, undefined],
    [80, NONE, 'http'],
    [443, NONE, 'https'],
    [25, NONE, 'smtp'],
    [0, NONE, undefined],
    [65535, NONE, undefined],
  ];
  for (const [port, from, expected] of names) {
    it(`the service of ${port}, ${from === NONE ? 'without a file' : 'with a file'}`, () => {
      assert.equal(serviceName(port, from), expected);
    });
  }

  it('our own list goes both ways', () => {
    for (const name of ['ssh', 'smtp', 'domain', 'http', 'https', 'imaps', 'postgresql']) {
      const port = servicePort(name, NONE);
      assert.ok(port !== undefined);
      assert.equal(serviceName(port, NONE), name);
    }
  });
});
