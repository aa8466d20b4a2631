/** The example that the matrix was asked for with, from its cells. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judge } from '../../src/verdict/judge.ts';
import { readMatrix } from '../../src/verdict/facts.ts';
import { matrixText } from '../../src/render/matrix/matrix-text.ts';
import { answer, column, matrix, reply, TARGET, TEXT_OPTIONS, unreachable } from './make-matrix.ts';

const [R1, R2, R3, R4] = ['10.0.0.1', '10.9.0.1', '203.0.113.9', '198.51.100.20'] as const;
const via = (address: string, rttMs: number) => reply(address, { type: 'time-exceeded' }, rttMs);
/** Administratively prohibited. RFC 1812 section 5.2.7.1. */
const PROHIBITED = 13;

const EXAMPLE = `matrix to shop.example (198.51.100.7), 7 probes, 30 hops max
hop  responder              icmp   udp/53  tcp/22  tcp/443  tcp/443:ack  gre   esp
  1  10.0.0.1               0.4    0.4     0.4     0.4      0.4          0.4   0.5
  2  10.9.0.1               2.1    2.0     2.2     2.1      2.1          *     2.2
  3  203.0.113.9            8.0    8.1     *       8.0      8.1          *     8.0
  4  198.51.100.20          9.2    9.1     *       9.0      *            *     8.1 !X (3)
  5  198.51.100.7           9.9    *       *       10.0     *            *     .

icmp         reached   echo reply from the target at hop 5 (high confidence)
tcp/443      open      SYN-ACK from the target at hop 5 (high confidence)
udp/53       silent    reaches hop 4 (198.51.100.20), the last router; lost there or at the target, which says nothing to this probe (high confidence)
tcp/22       dropped   between hop 2 (10.9.0.1) and hop 3 (203.0.113.9); icmp, udp/53, tcp/443 get an answer from hop 3 (high confidence)
tcp/443:ack  dropped   between hop 3 (203.0.113.9) and hop 4 (198.51.100.20); tcp/443 passes: a stateful filter (high confidence)
gre          dropped   between hop 1 (10.0.0.1) and hop 2 (10.9.0.1); the other six get an answer from hop 2 (low confidence)
esp          rejected  by hop 3 (203.0.113.9): !X, administratively prohibited (high confidence)
`;

describe('the example of a matrix', () => {
  it('is printed to the letter', () => {
    const facts = readMatrix(
      matrix(
        column('icmp', [via(R1, 0.4), via(R2, 2.1), via(R3, 8), via(R4, 9.2), answer(undefined, 9.9)]),
        column('udp/53', [via(R1, 0.4), via(R2, 2), via(R3, 8.1), via(R4, 9.1), null]),
        column('tcp/22', [via(R1, 0.4), via(R2, 2.2), null, null, null]),
        column('tcp/443', [via(R1, 0.4), via(R2, 2.1), via(R3, 8), via(R4, 9), answer('open', 10)]),
        column('tcp/443:ack', [via(R1, 0.4), via(R2, 2.1), via(R3, 8.1), null, null]),
        column('gre', [via(R1, 0.4), null, null, null, null]),
        column('esp', [via(R1, 0.5), via(R2, 2.2), via(R3, 8), unreachable(R3, PROHIBITED, 8.1), null]),
      ),
    );
    const text = matrixText(facts, judge(facts), TEXT_OPTIONS);
    assert.equal(facts.matrix.target, TARGET);
    assert.equal(text, EXAMPLE);
  });
});
