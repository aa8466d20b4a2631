import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluate, type Require, type Script } from '../../src/bin/evaluate.ts';

/** A script whose commands load the modules that they are asked for. */
const script: Script<{ readonly load: Require }> = (load) => ({
  commands: { load },
  shared: { './shared.js': () => ({ shared: 1 }) },
  parts: [],
});

/** Evaluates the script over these modules; `asked` lists what was required of them so far. */
function evaluated(modules: Readonly<Record<string, unknown>>): { load: Require; asked: string[] } {
  const asked: string[] = [];
  const { commands } = evaluate(script, (name) => {
    asked.push(name);
    return modules[name];
  });
  return { load: commands.load, asked };
}

describe('evaluate', () => {
  it('gets packages from the require that it is given', () => {
    const { load } = evaluated({ koffi: 'the package' });
    assert.equal(load('koffi'), 'the package');
  });

  it('gets from the script what the script shares under the name of a file', () => {
    const { load, asked } = evaluated({});
    assert.deepEqual(load('./shared.js'), { shared: 1 });
    assert.equal(load('./shared.js'), load('./shared.js'));
    assert.deepEqual(asked, []);
  });

  it('evaluates a part once, however often it is asked for', () => {
    let evaluations = 0;
    const { load, asked } = evaluated({ './part.js': () => ({ evaluation: ++evaluations }) });
    assert.deepEqual([load('./part.js'), load('./part.js')], [{ evaluation: 1 }, { evaluation: 1 }]);
    assert.deepEqual(asked, ['./part.js']);
  });

  it('gives a part the same require', () => {
    const part = (load: Require): unknown => load('./shared.js');
    assert.deepEqual(evaluated({ './part.js': part }).load('./part.js'), { shared: 1 });
  });

  it('loads all parts that the script names on demand, save those that do not load', () => {
    const asked: string[] = [];
    const { loadParts } = evaluate(
      () => ({ commands: {}, shared: {}, parts: ['./part.js', './broken.js', './other.js'] }),
      (name) => {
        asked.push(name);
        if (name === './broken.js') throw new Error('not installed');
        return () => ({});
      },
    );
    assert.deepEqual(asked, []);
    loadParts();
    assert.deepEqual(asked, ['./part.js', './broken.js', './other.js']);
  });
});
