import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readMatrix } from '../../src/verdict/facts.ts';
import { judge } from '../../src/verdict/judge.ts';
import type { MatrixColumn } from '../../src/verdict/matrix.ts';
import { matrixText } from '../../src/render/matrix/matrix-text.ts';
import { verdictText } from '../../src/render/matrix/verdict-text.ts';
import { answer, column, matrix, reply, TARGET, TEXT_OPTIONS, unreachable } from '../matrix/make-matrix.ts';

const [R1, R2] = ['10.0.0.1', '10.0.0.2'] as const;
const HOST = 1;
const PROHIBITED = 13;
const dark = column('tcp/22', [reply(R1), reply(R2), null]);

function verdictOn(...columns: readonly MatrixColumn[]) {
  const all = matrix(...columns);
  const verdict = judge(readMatrix(all))[0] ?? assert.fail('there is a verdict');
  return { ground: verdict.ground, state: verdict.state, text: verdictText(verdict, all) };
}

describe('a target that the last router does not find', () => {
  for (const code of [0, HOST, 6, 7]) {
    it(`is lost where code ${code} says so and nothing has reached it`, () => {
      const { ground, state } = verdictOn(
        column('icmp', [reply(R1), reply(R2), unreachable(R2, code)]),
        dark,
      );
      assert.ok(ground.type === 'refusal' && ground.isLost);
      assert.equal(state, 'host unreachable');
    });
  }

  it('is not lost where it answers another probe: then a filter says so', () => {
    const { ground } = verdictOn(
      column('icmp', [reply(R1), reply(R2), unreachable(R2, HOST)]),
      column('tcp/22', [reply(R1), reply(R2), answer('open')]),
    );
    assert.ok(ground.type === 'refusal' && !ground.isLost);
  });

  it('is not lost where it says so itself', () => {
    const { ground } = verdictOn(column('icmp', [reply(R1), reply(R2), unreachable(TARGET, HOST)]), dark);
    assert.ok(ground.type === 'refusal' && !ground.isLost);
  });

  it('is told of to the probes that got no answer of their own', () => {
    const { state, text } = verdictOn(dark, column('icmp', [reply(R1), reply(R2), unreachable(R2, HOST)]));
    assert.equal(state, 'host unreachable');
    assert.equal(text, `no answer; icmp is told so by hop 2 (${R2}): !H, host unreachable (low confidence)`);
  });

  it('is surely lost where the router has looked for it, or says so to other protocols too', () => {
    const told = (spec: string, rttMs: number) =>
      column(spec, [reply(R1), reply(R2), unreachable(R2, HOST, rttMs)]);
    const sureness = (...columns: readonly MatrixColumn[]) =>
      judge(readMatrix(matrix(...columns)))[0]?.confidence;
    assert.equal(sureness(told('icmp', 3070)), 'high');
    assert.equal(sureness(told('icmp', 9), told('udp', 9)), 'high');
    assert.equal(sureness(told('icmp', 9), dark), 'low');
    assert.equal(sureness(told('tcp/22', 9), told('tcp/80', 9)), 'low');
  });

  it('is not lost where the same router forbids another probe', () => {
    const { state } = verdictOn(
      column('icmp', [reply(R1), reply(R2), unreachable(R2, HOST)]),
      column('tcp/25', [reply(R1), reply(R2), unreachable(R2, PROHIBITED)]),
    );
    assert.equal(state, 'rejected');
  });

  it('is no matter of what a filter forbids to others', () => {
    const { text } = verdictOn(dark, column('icmp', [reply(R1), reply(R2), unreachable(R2, PROHIBITED)]));
    assert.equal(text, `nothing beyond hop 2 (${R2}) answers anything`);
  });
});

describe('a router that says "unreachable" for time exceeded', () => {
  const PORT = 3;
  const R3 = '10.0.0.3';
  const beyond = [reply(R3), answer('open')];
  const misled = column('tcp/22', [reply(R1), unreachable(R2, PROHIBITED)]);

  it('is passed by what others further on answer', () => {
    for (const code of [HOST, PORT, PROHIBITED]) {
      const { state } = verdictOn(column('tcp/22', [reply(R1), unreachable(R2, code), ...beyond]));
      assert.equal(state, 'open');
    }
  });

  it('is not believed by a column that it alone has answered', () => {
    const passed = column('tcp/80', [reply(R1), unreachable(R2, PROHIBITED), ...beyond]);
    assert.equal(verdictOn(misled, passed).state, 'dropped');
    assert.equal(verdictOn(misled).state, 'rejected');
  });

  it('is believed where it says so at the next TTL too', () => {
    const refused = column('tcp/22', [reply(R1), unreachable(R2, PROHIBITED), unreachable(R2, PROHIBITED)]);
    const passed = column('tcp/80', [reply(R1), unreachable(R2, PROHIBITED), ...beyond]);
    assert.equal(verdictOn(refused, passed).state, 'rejected');
  });

  it('is named below the table', () => {
    const all = matrix(column('tcp/22', [reply(R1), unreachable(R2, PROHIBITED), ...beyond]));
    const facts = readMatrix(all);
    const text = matrixText(facts, judge(facts), TEXT_OPTIONS);
    assert.match(text, /^hop 2 \(10\.0\.0\.2\) says !X for time exceeded: it passes the probes on$/m);
  });
});
