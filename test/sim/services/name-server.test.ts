import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NameTable } from '../path-format.ts';
import { answerQuery, namesOfMachine } from './name-server.ts';

/** RFC 1035 section 3.2.2. */
const TYPE = { A: 1, PTR: 12 } as const;

/** A query of id 0x1234, recursion desired, for `a.` of class IN. RFC 1035 section 4.1. */
function query(type: number): Uint8Array {
  return Uint8Array.of(0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x41, 0, 0, type, 0, 1);
}

/** The id, the flags and the counts of questions and answers. */
function headerOf(names: NameTable, type: number): number[] {
  return [...(answerQuery(names, query(type)) ?? [])].slice(0, 8);
}

describe('the name server of a path', () => {
  it('answers from its table, whatever the case', () => {
    const names = { 'a/PTR': ['edge.example.net', 'b.example.net'] };
    assert.deepEqual(headerOf(names, TYPE.PTR), [0x12, 0x34, 0x85, 0x80, 0, 1, 0, 2]);
    assert.match(Buffer.from(answerQuery(names, query(TYPE.PTR)) ?? '').toString('latin1'), /edge/);
  });

  it('tells a name without such a record from an unknown one', () => {
    assert.deepEqual(headerOf({ 'a/A': ['192.0.2.1'] }, TYPE.PTR), [0x12, 0x34, 0x85, 0x80, 0, 1, 0, 0]);
    assert.deepEqual(headerOf({}, TYPE.PTR), [0x12, 0x34, 0x85, 0x83, 0, 1, 0, 0]);
  });

  it('follows an alias and gives both records', () => {
    const names = { 'a/CNAME': ['b'], 'b/A': ['192.0.2.1'] };
    assert.deepEqual(headerOf(names, TYPE.A), [0x12, 0x34, 0x85, 0x80, 0, 1, 0, 2]);
  });

  it('fails or keeps silent where the table says so', () => {
    assert.deepEqual(headerOf({ 'a/A': 'servfail' }, TYPE.A), [0x12, 0x34, 0x85, 0x82, 0, 1, 0, 0]);
    assert.equal(answerQuery({ 'a/A': 'timeout' }, query(TYPE.A)), undefined);
  });

  it('knows the machine by its name', () => {
    assert.deepEqual(namesOfMachine({ '@hostname/A': ['10.0.0.1'] }, 'Box'), { 'box/A': ['10.0.0.1'] });
  });
});
