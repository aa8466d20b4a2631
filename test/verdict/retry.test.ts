import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CellAttempt, MatrixColumn } from '../../src/verdict/matrix.ts';
import { RetryPlan, type Retry } from '../../src/verdict/retry.ts';
import { readMatrix } from '../../src/verdict/facts.ts';
import { missesNeeded } from '../../src/verdict/misses.ts';
import { answer, column, matrix, reply } from '../matrix/make-matrix.ts';

const [R1, R2, R3] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'] as const;
const WAY = [reply(R1), reply(R2), reply(R3), answer()] as const;
/** Enough misses at a hop of a path that loses much. */
const MUTE: readonly null[] = [null, null, null, null, null, null];

const cells = (...columns: readonly MatrixColumn[]) =>
  new RetryPlan()
    .next(matrix(...columns))
    .retries.map(({ column: name, ttl, attempts }) => [name, ttl, attempts]);

describe('how many misses prove something', () => {
  /** Of a column that nobody answers, at hop 1: what the hops answer another column. */
  const needed = (...hops: readonly (readonly CellAttempt[])[]) => {
    const facts = readMatrix(matrix(column('gre', []), column('icmp', hops)));
    return missesNeeded(facts, 1, facts.columns[0] ?? assert.fail('there is a column'));
  };
  const answers = (count: number, misses = 0): readonly CellAttempt[] => [
    ...Array<CellAttempt>(count).fill(reply(R1)),
    ...Array<CellAttempt>(misses).fill(null),
  ];

  it('goes by how often the hop answered others', () => {
    assert.equal(needed(answers(6)), 3);
    assert.equal(needed(answers(3)), 4);
    assert.equal(needed(answers(1)), 5);
  });

  it('goes by what other hops lose', () => {
    assert.equal(needed(answers(18), answers(18)), 3);
    assert.equal(needed(answers(18), answers(15, 3), answers(14, 4)), 4);
    assert.equal(needed(answers(18), answers(6, 12)), 5);
  });

  it('does not go by hops that answer nobody', () => {
    assert.equal(needed(answers(18), answers(0, 18), answers(18)), 3);
  });

  it('is another matter where a hop answers only some', () => {
    assert.equal(needed(answers(17, 1)), 5);
    assert.equal(needed(answers(1, 17)), 5);
  });
});

describe('which probes are sent again', () => {
  const others = ['icmp', 'udp', 'tcp/80'].map((spec) => column(spec, [...WAY]));

  it('are none where every column has its end', () => {
    assert.deepEqual(cells(...others), []);
  });

  it('are none where a hop answers all others, and was asked often enough', () => {
    assert.deepEqual(cells(column('gre', [reply(R1), null, null, null]), ...others), []);
  });

  it('are as many as are missing, of all hops in question up to the target, and of one that was answered', () => {
    const few = column('gre', [reply(R1), [null], [null, null], null, null]);
    assert.deepEqual(cells(few, ...others), [
      ['gre', 3, 1],
      ['gre', 2, 2],
      ['icmp', 2, 2],
      ['icmp', 3, 1],
    ]);
  });

  it('are two at a time, since losses come together', () => {
    const unasked = column('gre', [reply(R1), [], null, null, null]);
    assert.deepEqual(cells(unasked, ...others)[0], ['gre', 2, 2]);
  });

  it('are one at a time where a hop answers others only at times', () => {
    const lossy = ['icmp', 'udp'].map((spec) =>
      column(spec, [reply(R1), [reply(R2), null, null], reply(R3), answer()]),
    );
    const { retries, isSlow } = new RetryPlan().next(
      matrix(column('gre', [reply(R1), null, MUTE, MUTE]), column('tcp/80', [...WAY]), ...lossy),
    );
    assert.deepEqual(retries, [{ column: 'gre', ttl: 2, attempts: 1, isSlow: true }]);
    assert.ok(isSlow);
  });

  it('are none of hops that answer nobody, nor of what was refused here', () => {
    const dark = ['icmp', 'udp'].map((spec) => column(spec, [reply(R1), null, null]));
    assert.deepEqual(cells(...dark), []);
    assert.deepEqual(cells(column('udp/7', [[null]], { anonymous: [answer()] }), ...others), []);
  });
});

describe('rounds', () => {
  const limited = (name: string, at2: readonly CellAttempt[]) =>
    column(name, [reply(R1), at2, reply(R3), answer()]);
  const passing = ['icmp', 'udp'].map((spec) => limited(spec, [reply(R2), null, null]));
  const lost = ['gre', 'esp', 'tcp/22'].map((spec) => column(spec, [reply(R1), null, MUTE, MUTE]));
  const network = matrix(...passing, ...lost);

  /** Rounds until there are no more, with the retries that are answered in each. */
  function run(isAnswered: (retry: Retry, round: number) => boolean): Retry[][] {
    const plan = new RetryPlan();
    const rounds: Retry[][] = [];
    for (;;) {
      const { retries } = plan.next(network);
      if (retries.length === 0) return rounds;
      rounds.push([...retries]);
      const count = rounds.length;
      plan.done(retries, (retry) => isAnswered(retry, count));
    }
  }

  it('go on until misses are no accident', () => {
    const rounds = run(() => false);
    assert.equal(rounds.length, 5);
    for (const round of rounds) assert.equal(round.filter(({ ttl }) => ttl === 2).length, 3);
  });

  it('do not count against anybody when the hop answered another of the same round', () => {
    const rounds = run(({ column: name, ttl }, round) => name === 'gre' && ttl === 2 && round <= 3);
    assert.equal(rounds.length, 8);
  });

  it('begin with another column each time', () => {
    const firsts = run(() => false).map(([first]) => first?.column);
    assert.deepEqual(new Set(firsts), new Set(['gre', 'esp', 'tcp/22']));
  });

  it('end at last', () => {
    assert.equal(run(({ column: name }) => name === 'gre').length, 16);
  });
});
