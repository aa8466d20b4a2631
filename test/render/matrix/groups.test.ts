/** Covers what is shown in one: src/render/matrix/groups.ts and verdict-groups.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseMatrix } from '../../../src/dialects/specification/matrix-spec.ts';
import { judge } from '../../../src/verdict/judge.ts';
import type { CellAttempt, MatrixColumn } from '../../../src/verdict/matrix.ts';
import { readMatrix } from '../../../src/verdict/facts.ts';
import { namesOf } from '../../../src/render/matrix/groups.ts';
import type { Verdict } from '../../../src/verdict/verdict.ts';
import { matrixText, progressText } from '../../../src/render/matrix/matrix-text.ts';
import { answer, column, matrix, names, reply, TEXT_OPTIONS, unreachable } from '../../matrix/make-matrix.ts';

const [R1, R2, R3] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'] as const;
type Hops = readonly (CellAttempt | readonly CellAttempt[])[];
const OPEN: Hops = [reply(R1), reply(R2), answer('open')];
const DROPPED: Hops = [reply(R1), null, null];
const REJECTED: Hops = [reply(R1), unreachable(R1, 13)];

/** The columns of a range, with what each is answered. */
function range(spec: string, ...answers: readonly Hops[]): MatrixColumn[] {
  return parseMatrix(spec, '--matrix', names).map((probe, index) => ({
    ...column(probe.name, answers[index] ?? answers[0] ?? []),
    ...probe,
  }));
}

/** The flows of a probe, with what each is answered. */
function flows(spec: string, ...answers: readonly Hops[]): MatrixColumn[] {
  return answers.map((hops, index) => ({
    ...column(spec, hops),
    name: `${spec}#${index + 1}`,
    flow: { of: spec, number: index + 1, count: answers.length },
    sourcePort: 40001 + index,
  }));
}

function textOf(...columns: readonly MatrixColumn[]): string[] {
  const facts = readMatrix(matrix(...columns));
  return matrixText(facts, judge(facts), TEXT_OPTIONS).trimEnd().split('\n');
}

const icmp = column('icmp', [reply(R1), reply(R2), answer()]);

describe('neighbouring ports', () => {
  it('are one column and one line as long as their verdict is one', () => {
    const columns = range('tcp/20-25', DROPPED, DROPPED, OPEN, REJECTED, REJECTED, REJECTED);
    const text = textOf(icmp, ...columns);
    assert.deepEqual(text, [
      'matrix to shop.example (198.51.100.7), 7 probes, 30 hops max',
      'hop  responder              icmp   tcp/20-21  tcp/22  tcp/23-25',
      '  1  10.0.0.1               1.0    1.0        1.0     1.0',
      '  2  10.0.0.2               1.0    *          1.0     1.0 !X (1)',
      '  3  198.51.100.7           1.0    *          1.0     .',
      '',
      'icmp       reached   echo reply from the target at hop 3 (high confidence)',
      'tcp/22     open      SYN-ACK from the target at hop 3 (high confidence)',
      'tcp/20-21  dropped   between hop 1 (10.0.0.1) and hop 2 (10.0.0.2); icmp, tcp/22 get an answer from hop 2 (high confidence)',
      'tcp/23-25  rejected  by hop 1 (10.0.0.1): !X, administratively prohibited (high confidence)',
    ]);
  });

  it('keep their flags, and come together in lists of names', () => {
    assert.deepEqual(namesOf([icmp, ...range('tcp/20-34:ack', OPEN), ...range('udp/53-54', OPEN)]), [
      'icmp',
      'tcp/20-34:ack',
      'udp/53-54',
    ]);
  });

  it('are not joined over a gap, nor with a port that was named by itself', () => {
    const [a, , b, c] = range('tcp/20-23', OPEN);
    assert.ok(a && b && c);
    assert.deepEqual(namesOf([a, b, c]), ['tcp/20', 'tcp/22-23']);
    assert.deepEqual(namesOf([...range('tcp/20-21', OPEN), ...range('tcp/22', OPEN)]), [
      'tcp/20-21',
      'tcp/22',
    ]);
  });

  it('show an answer that any of them got', () => {
    const columns = range('tcp/20-21', [null, reply(R2), answer('open')], OPEN);
    assert.equal(textOf(icmp, ...columns)[2], '  1  10.0.0.1               1.0    1.0');
  });

  it('part while the run goes on, as soon as their answers do', () => {
    const facts = readMatrix(matrix(...range('tcp/20-23', DROPPED, REJECTED, REJECTED, DROPPED)));
    const [, head] = progressText(facts, TEXT_OPTIONS).split('\n');
    assert.equal(head, 'hop  responder              tcp/20  tcp/21-22   tcp/23');
  });

  it('are explained once, to their last port, with the others named', () => {
    const refused = [...range('tcp/20-23', REJECTED), ...range('tcp/80-81', REJECTED)];
    const facts = readMatrix(matrix(icmp, ...refused));
    const explain = ({ state }: Verdict, lastPort?: number) => [`    ${state} to ${lastPort ?? 'itself'}`];
    const text = matrixText(facts, judge(facts), { ...TEXT_OPTIONS, explain });
    assert.match(text, /\nicmp .*\n {4}reached to itself\n/);
    assert.match(text, /\ntcp\/20-23 .*\n {4}rejected to 23\n/);
    assert.match(text, /\ntcp\/80-81 .*\n {4}rejected to 81\n/);
  });

  it('are told in one where paths differ', () => {
    const other: Hops = [reply(R1), reply(R3), answer('open')];
    const text = textOf(icmp, ...range('tcp/20-29', OPEN), ...range('udp/53-54', other));
    assert.ok(text.includes('paths differ at hop 2: udp/53-54 saw 10.0.0.3, the others 10.0.0.2'));
  });
});

describe('flows of one probe', () => {
  it('tell the share that is lost, and its source ports', () => {
    const text = textOf(icmp, ...flows('tcp/443', OPEN, OPEN, DROPPED, OPEN));
    assert.deepEqual(text.slice(1), [
      'hop  responder              icmp   tcp/443 3/4  tcp/443 1/4',
      '  1  10.0.0.1               1.0    1.0          1.0',
      '  2  10.0.0.2               1.0    1.0          *',
      '  3  198.51.100.7           1.0    1.0          *',
      '',
      'icmp     reached   echo reply from the target at hop 3 (high confidence)',
      'tcp/443  open      in 3 of 4 flows: SYN-ACK from the target at hop 3 (high confidence)',
      'tcp/443  dropped   in 1 of 4 flows between hop 1 (10.0.0.1) and hop 2 (10.0.0.2) (high confidence); source port 40003',
    ]);
  });

  it('are one column where they share one fate', () => {
    const text = textOf(...flows('tcp/443', OPEN, OPEN));
    assert.equal(text[0], 'matrix to shop.example (198.51.100.7), 1 probe in 2 flows, 30 hops max');
    assert.equal(
      text.at(-1),
      'tcp/443  open      in all 2 flows: SYN-ACK from the target at hop 3 (high confidence)',
    );
  });

  it('name no more than four source ports', () => {
    const lost = Array.from({ length: 6 }, () => DROPPED);
    const text = textOf(icmp, ...flows('tcp/443', OPEN, ...lost));
    assert.match(text.at(-1) ?? '', /; source ports 40002, 40003, 40004, 40005, \.\.\.$/);
  });

  it('of neighbouring ports come together where they part in the same way', () => {
    const columns = range('tcp/80-81', OPEN).flatMap((probe) =>
      flows(probe.name, OPEN, DROPPED).map((flow) => ({
        ...probe,
        ...flow,
        ...(probe.range ? { range: probe.range } : {}),
      })),
    );
    const lines = textOf(icmp, ...columns).slice(-2);
    assert.match(lines[0] ?? '', /^tcp\/80-81 {2}open {6}in 1 of 2 flows: SYN-ACK/);
    assert.match(lines[1] ?? '', /^tcp\/80-81 {2}dropped {3}in 1 of 2 flows between hop 1/);
  });
});
