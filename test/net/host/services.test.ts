import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { serviceName, servicePort } from '../../../src/net/host/services.ts';
import { fileOf, INHERITED, NO_FILE } from './files.ts';

describe('servicePort and serviceName', () => {
  const services = fileOf(
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
    ['http', NO_FILE, 80],
    ['www', NO_FILE, 80],
    ['mail', NO_FILE, 25],
    ['imap', NO_FILE, 143],
    ['tcpmux', NO_FILE, 1],
    ['nosuch', NO_FILE, undefined],
    ...INHERITED.map((name) => [name, NO_FILE, undefined] as const),
  ];
  for (const [name, from, expected] of ports) {
    it(`the port of ${name}, ${from === NO_FILE ? 'without a file' : 'with a file'}`, () => {
      assert.equal(servicePort(name, from), expected);
    });
  }

  const names: readonly (readonly [number, string, string | undefined])[] = [
    [80, services, 'web'],
    [7000, services, 'bar'],
    [9, services, undefined],
    [443, services, undefined],
    [80, NO_FILE, 'http'],
    [443, NO_FILE, 'https'],
    [25, NO_FILE, 'smtp'],
    [0, NO_FILE, undefined],
    [65535, NO_FILE, undefined],
  ];
  for (const [port, from, expected] of names) {
    it(`the service of ${port}, ${from === NO_FILE ? 'without a file' : 'with a file'}`, () => {
      assert.equal(serviceName(port, from), expected);
    });
  }

  it('our own list goes both ways', () => {
    for (const name of ['ssh', 'smtp', 'domain', 'http', 'https', 'imaps', 'postgresql']) {
      const port = servicePort(name, NO_FILE);
      assert.ok(port !== undefined);
      assert.equal(serviceName(port, NO_FILE), name);
    }
  });
});
