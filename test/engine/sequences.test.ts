import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Sequences } from '../../src/engine/sequences.ts';

/** Hops 3 to 5 of 2 probes: slots 0 to 5. */
const PLAN = { firstTtl: 3, maxTtl: 5, attempts: 2, resends: true, reopens: false };

describe('the sequences of a trace', () => {
  it('count first sendings from 1, in the order of TTL and attempt', () => {
    const sequences = new Sequences(PLAN);
    const probes = Array.from({ length: sequences.total }, (_, index) => sequences.first(index));
    assert.deepEqual(
      probes.map(({ ttl, attempt, sequence }) => [ttl, attempt, sequence]),
      [
        [3, 0, 1],
        [3, 1, 2],
        [4, 0, 3],
        [4, 1, 4],
        [5, 0, 5],
        [5, 1, 6],
      ],
    );
  });

  it('lead from each first sending to its slot', () => {
    const sequences = new Sequences(PLAN);
    for (let index = 0; index < sequences.total; index++) {
      assert.equal(sequences.slotOf(sequences.first(index).sequence), index);
    }
  });

  it('give what is sent again the next number above all first sendings', () => {
    const sequences = new Sequences(PLAN);
    const [first, second] = [4, 1].map((index) => {
      const probe = sequences.again({ index });
      assert.equal(sequences.sentAgain(probe), index);
      return probe;
    });
    assert.deepEqual(first, { ttl: 5, attempt: 0, sequence: 7 });
    assert.deepEqual(second, { ttl: 3, attempt: 1, sequence: 8 });
  });

  it('lead from each second sending to the slot that it was sent for', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 5 })), (indexes) => {
        const sequences = new Sequences(PLAN);
        const probes = indexes.map((index) => {
          const probe = sequences.again({ index });
          sequences.sentAgain(probe);
          return probe;
        });
        assert.deepEqual(
          probes.map(({ sequence }) => sequences.slotOf(sequence)),
          indexes,
        );
        assert.ok(probes.every((probe) => sequences.isAgain(probe)));
      }),
    );
  });

  it('lead nowhere from a number that was not sent', () => {
    const sequences = new Sequences(PLAN);
    assert.ok(sequences.slotOf(0) < 0);
    assert.ok(sequences.slotOf(7) < 0);
    sequences.again({ index: 0 });
    assert.ok(sequences.slotOf(7) < 0, 'it was only asked for');
  });
});

describe('what is asked to be sent again', () => {
  it('goes in the order of time, and of asking where times are equal', () => {
    const sequences = new Sequences(PLAN);
    assert.equal(sequences.nextResend, undefined);
    for (const [index, atMs] of [
      [2, 200],
      [4, 100],
      [1, 100],
    ] as const) {
      assert.equal(sequences.askAgain(index, atMs), true);
    }
    assert.deepEqual(sequences.nextResend, { index: 4, atMs: 100 });
  });

  it('is forgotten before a review', () => {
    const sequences = new Sequences(PLAN);
    sequences.askAgain(2, 200);
    sequences.forgetAsked();
    assert.equal(sequences.nextResend, undefined);
  });

  it('is refused once each slot has used up its second sequence', () => {
    const sequences = new Sequences(PLAN);
    for (let index = 0; index < sequences.total; index++) sequences.sentAgain(sequences.again({ index }));
    assert.equal(sequences.askAgain(0, 100), false);
    assert.equal(sequences.nextResend, undefined);
  });

  it('is refused where the plan sends nothing again', () => {
    assert.equal(new Sequences({ ...PLAN, resends: false }).askAgain(0, 100), false);
  });
});
