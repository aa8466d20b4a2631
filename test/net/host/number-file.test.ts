import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseNumberFile, readNumberFile, type NumberLine } from '../../../src/net/host/number-file.ts';

describe('parseNumberFile', () => {
  const rows: readonly (readonly [string, string, readonly NumberLine[]])[] = [
    ['a protocol', 'icmp\t1\tICMP\t# comment', [{ names: ['icmp', 'ICMP'], number: 1 }]],
    ['a service', 'http\t\t80/tcp\t\twww', [{ names: ['http', 'www'], number: 80, protocol: 'tcp' }]],
    ['a comment right behind', 'ssh 22/tcp#SSH', [{ names: ['ssh'], number: 22, protocol: 'tcp' }]],
    ['white space around', '  gre  47  \r', [{ names: ['gre'], number: 47 }]],
    ['no aliases', 'gre 47', [{ names: ['gre'], number: 47 }]],
    ['the largest', 'x 65535/udp', [{ names: ['x'], number: 65535, protocol: 'udp' }]],
    ['a number too large', 'x 65536/tcp', []],
    ['a comment', '# http 80/tcp', []],
    ['an empty line', '', []],
    ['a name alone', 'http', []],
    ['no number', 'http eighty/tcp', []],
    ['a negative number', 'http -1/tcp', []],
    [
      'several',
      'a 1\n\nb 2 # c\n',
      [
        { names: ['a'], number: 1 },
        { names: ['b'], number: 2 },
      ],
    ],
  ];
  for (const [name, text, expected] of rows) {
    it(name, () => {
      assert.deepEqual(parseNumberFile(text), expected);
    });
  }
});

describe('readNumberFile', () => {
  it('has nothing where there is no file', () => {
    assert.deepEqual(readNumberFile('/nonexistent'), []);
  });
});
