import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filterClassOf, isContrast } from '../../src/verdict/filter-class.ts';
import { column } from '../matrix/make-matrix.ts';

describe('the class by which filters tell a column', () => {
  const cases: readonly (readonly [spec: string, filterClass: ReturnType<typeof filterClassOf>])[] = [
    ['icmp', { protocol: 1 }],
    ['udp', { protocol: 17, port: 33434 }],
    ['udp/53', { protocol: 17, port: 53 }],
    ['tcp/443', { protocol: 6, port: 443, opens: true }],
    ['tcp/443:ack', { protocol: 6, port: 443, opens: false }],
    ['gre', { protocol: 47 }],
    ['esp', { protocol: 50 }],
  ];
  for (const [spec, filterClass] of cases) {
    it(`of ${spec} is ${JSON.stringify(filterClass)}`, () => {
      assert.deepEqual(filterClassOf(column(spec, [])), filterClass);
    });
  }

  const contrasts: readonly (readonly [one: string, other: string, isOne: boolean])[] = [
    ['tcp/443', 'tcp/443:ack', true],
    ['tcp/443:ack', 'tcp/443:syn+ecn', true],
    ['tcp/443', 'tcp/443:syn+ecn', false],
    ['tcp/443', 'tcp/80:ack', false],
    ['udp/53', 'udp/54', false],
    ['tcp/443', 'udp/443', false],
  ];
  for (const [one, other, isOne] of contrasts) {
    it(`makes ${one} and ${other} ${isOne ? 'a' : 'no'} contrast`, () => {
      assert.equal(isContrast(column(one, []), column(other, [])), isOne);
      assert.equal(isContrast(column(other, []), column(one, [])), isOne);
    });
  }
});
