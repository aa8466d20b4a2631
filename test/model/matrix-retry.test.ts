import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CellAttempt, MatrixColumn } from '../../src/model/matrix.ts';
import { RetryPlan, type Retry } from '../../src/model/matrix-retry.ts';
import { missesNeeded } from '../../src/model/miss.ts';
import { answer, column, matrix, reply } from '../matrix/make-matrix.ts';

const [R1, R2, R3] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'] as const;
const WAY = [reply(R1), reply(R2), reply(R3), answer()] as const;

const cells = (...columns: readonly MatrixColumn[]) =>
  new RetryPlan()
    .next(matrix(...columns))
    .retries.map(({ column: name, ttl, attempts }) => [name, ttl, attempts]);

describe('how many misses prove something', () => {
  it('goes by how often the hop answered others', () => {
    assert.equal(missesNeeded({ answered: 18, sent: 18 }), 3);
    assert.equal(missesNeeded({ answered: 3, sent: 3 }), 4);
    assert.equal(missesNeeded({ answered: 1, sent: 1 }), 5);
    assert.equal(missesNeeded({ answered: 17, sent: 18 }), 5);
    assert.equal(missesNeeded({ answered: 1, sent: 18 }), 5);
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

  it('are as many as are missing, of all hops in question up to the target', () => {
    const few = column('gre', [reply(R1), [null], [null, null], null, null]);
    assert.deepEqual(cells(few, ...others), [
      ['gre', 3, 1],
      ['gre', 2, 2],
    ]);
  });

  it('are one at a time where a hop answers others only at times', () => {
    const lossy = ['icmp', 'udp'].map((spec) =>
      column(spec, [reply(R1), [reply(R2), null, null], reply(R3), answer()]),
    );
    const { retries, isSlow } = new RetryPlan().next(
      matrix(column('gre', [reply(R1), null, null, null]), column('tcp/80', [...WAY]), ...lossy),
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
  const lost = ['gre', 'esp', 'tcp/22'].map((spec) => column(spec, [reply(R1), null, null, null]));
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
