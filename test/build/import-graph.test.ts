import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Metafile } from 'esbuild';
import { divide, importGraph, localName } from '../../src/build/import-graph.ts';

type Output = Metafile['outputs'][string];

function output(...imports: Output['imports']): Output {
  return { bytes: 1, inputs: {}, imports, exports: [] };
}

describe('importGraph', () => {
  it('has each output under the name that the others import it by', () => {
    const graph = importGraph({ outputs: { 'split/a.js': output(), 'split/b-XYZ.js': output() } });
    assert.deepEqual([...graph.keys()], ['./a.js', './b-XYZ.js']);
  });

  it('has the imports that a file waits for, not dynamic ones and not packages', () => {
    const graph = importGraph({
      outputs: {
        'split/a.js': output(
          { path: 'split/b.js', kind: 'import-statement' },
          { path: 'split/later.js', kind: 'dynamic-import' },
          { path: 'node:fs', kind: 'import-statement', external: true },
        ),
        'split/b.js': output(),
      },
    });
    assert.deepEqual(graph.get('./a.js'), ['./b.js']);
  });

  it('names a file alike whatever folder it is in', () => {
    assert.equal(localName('split/deep/a.js'), localName('/other/a.js'));
  });
});

describe('divide', () => {
  /** `main` imports `b`, which imports `c`; the parts `p` and `q` import `c`, each other's `s`, and `main`. */
  const graph = new Map([
    ['main', ['b']],
    ['b', ['c']],
    ['c', []],
    ['p', ['c', 's']],
    ['q', ['main', 's']],
    ['s', []],
  ]);

  it('puts into the script whatever its start evaluates, however far away', () => {
    assert.deepEqual([...divide('main', graph).script].sort(), ['b', 'c', 'main']);
  });

  it('makes a part of each other file, those that only parts import included', () => {
    assert.deepEqual(divide('main', graph).parts, ['p', 'q', 's']);
  });

  it('shares the files of the script that a part imports, and no others', () => {
    assert.deepEqual([...divide('main', graph).shared].sort(), ['c', 'main']);
  });

  it('ends where files import each other in a circle', () => {
    const circle = new Map([
      ['main', ['b']],
      ['b', ['main']],
    ]);
    assert.deepEqual(divide('main', circle), {
      script: new Set(['main', 'b']),
      parts: [],
      shared: new Set(),
    });
  });

  it('refuses a graph that lacks a file that another imports', () => {
    assert.throws(() => divide('main', new Map([['main', ['gone']]])), /^Error: the build has no file gone$/);
  });
});
