import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransportError } from '../../../src/model/errors.ts';
import { judge } from '../../../src/verdict/judge.ts';
import type { CellAttempt, Matrix, MatrixColumn } from '../../../src/verdict/matrix.ts';
import { readMatrix } from '../../../src/verdict/facts.ts';
import { matrixText, progressText, type MatrixTextOptions } from '../../../src/render/matrix/matrix-text.ts';
import { coloured } from '../../../src/render/matrix/paint.ts';
import {
  answer,
  column,
  matrix,
  reply,
  TARGET,
  TEXT_OPTIONS,
  unreachable,
} from '../../matrix/make-matrix.ts';

const [R1, R2, R3] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'] as const;
const WAY = [reply(R1), reply(R2), reply(R3)] as const;

function textOf(of: Matrix, options: Partial<MatrixTextOptions> = {}): string {
  const facts = readMatrix(of);
  return matrixText(facts, judge(facts), { ...TEXT_OPTIONS, ...options });
}

/** The lines of the table, and below an empty line those of the verdicts. */
function parts(text: string): { table: string[]; verdicts: string[] } {
  const [table = '', verdicts = ''] = text.split('\n\n');
  return { table: table.split('\n').slice(2), verdicts: verdicts.trimEnd().split('\n') };
}

/** What follows name and state in the verdict on the first column. */
function said(...columns: readonly MatrixColumn[]): string {
  const { verdicts } = parts(textOf(matrix(...columns)));
  const line = verdicts.find((verdict) => verdict.startsWith(`${columns[0]?.name ?? ''} `));
  return line?.replace(/^\S+ +/, '') ?? '';
}

const icmp = column('icmp', [...WAY, answer()]);
const udp = column('udp/53', [...WAY, null]);

describe('the table', () => {
  it('shows the least time of a cell, letters, and the hop of who refuses', () => {
    const refused = unreachable(R2, 13, 2.25);
    const slow = [reply(R1, undefined, 10), reply(R1, undefined, 3.04), null];
    const { table } = parts(
      textOf(
        matrix(column('icmp', [slow, reply(R2), refused]), column('gre', [...WAY, unreachable(TARGET, 2)])),
      ),
    );
    assert.deepEqual(table, [
      '  1  10.0.0.1               3.0         1.0',
      '  2  10.0.0.2               1.0         1.0',
      '  3  10.0.0.3               2.3 !X (2)  1.0',
      '  4  198.51.100.7           .           1.0 !P',
    ]);
  });

  it('shows no number for a refusal by the hop itself, and none for a closed port', () => {
    const { table } = parts(
      textOf(
        matrix(column('esp', [unreachable(R1, 13)]), column('udp/9', [reply(R1), unreachable(TARGET, 3)])),
      ),
    );
    assert.deepEqual(table, [
      '  1  10.0.0.1               1.0 !X  1.0',
      '  2  198.51.100.7           .       1.0',
    ]);
  });

  it('ends one hop behind the last answer when nobody reaches the target', () => {
    const { table } = parts(textOf(matrix(column('icmp', [reply(R1), null, null, null]))));
    assert.deepEqual(table, ['  1  10.0.0.1               1.0', '  2  *                      *']);
  });

  it('has names, and room for them', () => {
    const labels = new Map([
      [R1, { name: 'gateway.example' }],
      [TARGET, { name: 'a-very-long-name.shop.example' }],
    ]);
    const { table } = parts(textOf(matrix(icmp), { labels }));
    assert.deepEqual(table, [
      '  1  gateway.example (10.0.0.1)                    1.0',
      '  2  10.0.0.2                                      1.0',
      '  3  10.0.0.3                                      1.0',
      '  4  a-very-long-name.shop.example (198.51.100.7)  1.0',
    ]);
  });

  it('shows the answer that names no probe at the hop of the target', () => {
    const { table } = parts(textOf(matrix(column('udp/7', [...WAY, null], { anonymous: [answer()] }), icmp)));
    assert.equal(table.at(-1), '  4  198.51.100.7           open   1.0');
  });

  it('is parted where all columns have no room side by side', () => {
    const columns = ['icmp', 'udp/53', 'tcp/443', 'gre', 'esp', 'tcp/22'].map((spec) =>
      column(spec, [reply(R1), answer()]),
    );
    const text = textOf(matrix(...columns), { width: 46 });
    assert.deepEqual(text.split('\n').slice(1, 8), [
      'hop  responder          icmp   udp/53  tcp/443',
      '  1  10.0.0.1           1.0    1.0     1.0',
      '  2  198.51.100.7       1.0    1.0     1.0',
      '',
      'hop  responder          gre   esp   tcp/22',
      '  1  10.0.0.1           1.0   1.0   1.0',
      '  2  198.51.100.7       1.0   1.0   1.0',
    ]);
  });

  it('gives every column a block of its own where there is room for none', () => {
    const text = textOf(matrix(icmp, udp), { width: 1 });
    assert.equal(text.split('\n').filter((line) => line.startsWith('hop')).length, 2);
  });

  it('leaves open what may still come', () => {
    const facts = readMatrix(matrix(column('icmp', [reply(R1), null, null])));
    const lines = progressText(facts, TEXT_OPTIONS).split('\n');
    assert.deepEqual(lines.slice(1), [
      'hop  responder              icmp',
      '  1  10.0.0.1               1.0',
      '  2  *',
      '',
    ]);
  });
});

describe('differing paths', () => {
  const at2 = (spec: string, ...hop: CellAttempt[]) => column(spec, [reply(R1), hop, reply(R3), answer()]);
  const [a, b, c] = [reply('10.0.0.8'), reply('10.0.0.9'), reply('10.0.0.7')] as const;
  const line = (...columns: readonly MatrixColumn[]) => parts(textOf(matrix(...columns))).table.slice(4);

  it('are told below the table', () => {
    assert.deepEqual(line(at2('icmp', a), at2('udp/53', b), at2('tcp/22', a)), [
      'paths differ at hop 2: udp/53 saw 10.0.0.9, the others 10.0.0.8',
    ]);
    assert.deepEqual(line(at2('icmp', a), at2('udp/53', b), at2('tcp/22', c), at2('gre', a)), [
      'paths differ at hop 2: udp/53 saw 10.0.0.9, tcp/22 saw 10.0.0.7, the others 10.0.0.8',
    ]);
    assert.deepEqual(line(at2('icmp', a, b), at2('udp/53', a, b)), [
      'paths differ at hop 2: icmp, udp/53 saw 10.0.0.8 and 10.0.0.9',
    ]);
  });

  it('are none when all saw the same, or nothing', () => {
    assert.deepEqual(line(at2('icmp', a), at2('udp/53', a), at2('tcp/22', null)), []);
  });
});

describe('verdicts', () => {
  const cases: readonly (readonly [text: string, columns: readonly MatrixColumn[]])[] = [
    ['reached   echo reply from the target at hop 4 (high confidence)', [icmp]],
    [
      'open      SYN-ACK from the target at hop 4 (high confidence)',
      [column('tcp/443', [...WAY, answer('open')])],
    ],
    [
      'closed    RST from the target at hop 4 (high confidence)',
      [column('tcp/443', [...WAY, answer('closed')])],
    ],
    [
      'reached   RST from the target at hop 4 (high confidence)',
      [column('tcp/443:ack', [...WAY, answer('closed')])],
    ],
    ['open      answer from the target at hop 4 (high confidence)', [column('udp/53', [...WAY, answer()])]],
    [
      'open      answer from the target (high confidence)',
      [column('udp/7', [...WAY, null], { anonymous: [answer()] }), icmp],
    ],
    [
      'closed    port unreachable from the target at hop 4 (high confidence)',
      [column('udp/9', [...WAY, unreachable(TARGET, 3)])],
    ],
    [
      'closed    port unreachable from 10.5.5.5, an address of the target, at hop 4, but not from the address that was asked (low confidence)',
      [column('udp/9', [...WAY, unreachable('10.5.5.5', 3)]), icmp],
    ],
    [
      'reached   protocol unreachable from the target at hop 4 (high confidence)',
      [column('gre', [...WAY, unreachable(TARGET, 2)])],
    ],
    [
      'rejected  by the target at hop 4 (198.51.100.7): !X, administratively prohibited (high confidence)',
      [column('tcp/22', [...WAY, unreachable(TARGET, 13)]), icmp],
    ],
    [
      'rejected  by hop 2 (10.0.0.2): !p, port unreachable (high confidence)',
      [column('tcp/22', [reply(R1), reply(R2), unreachable(R2, 3)]), icmp],
    ],
    [
      'rejected  by 10.7.7.7, at or before hop 3: !H, host unreachable (high confidence)',
      [column('tcp/22', [reply(R1), null, unreachable('10.7.7.7', 1)]), icmp],
    ],
    [
      'rejected  reset by something at or before hop 3 (the target is at hop 4); 10.0.0.3 answers icmp at hop 3 (high confidence)',
      [
        column('tcp/22', [reply(R1), reply(R2), answer('closed', 1, 61)]),
        column('icmp', [...WAY, answer(undefined, 1, 59)]),
      ],
    ],
    [
      'rejected  SYN-ACK by a proxy at or before hop 3 (the target is at hop 4); 10.0.0.3 answers icmp at hop 3 (low confidence)',
      [column('tcp/80', [reply(R1), reply(R2), answer('open')]), icmp],
    ],
    [
      'silent    reaches hop 3 (10.0.0.3), the last router; lost there or at the target, which says nothing to this probe (high confidence)',
      [udp, icmp, column('udp', [...WAY, answer()])],
    ],
    [
      'silent    reaches hop 3 (10.0.0.3), the last router; the target answers tcp/80: a stateful filter (high confidence)',
      [column('tcp/80:ack', [...WAY, null]), column('tcp/80', [...WAY, answer('open')]), icmp],
    ],
    [
      'dropped   between this machine and hop 1 (10.0.0.1); the other two get an answer from hop 1 (low confidence)',
      [column('gre', [null, null, null, null]), icmp, udp],
    ],
    [
      'dropped   between hop 1 (10.0.0.1) and hop 2 (10.0.0.2); icmp gets an answer from hop 2 (low confidence)',
      [column('gre', [reply(R1), null, null, null]), icmp],
    ],
    [
      'dropped   between hop 1 (10.0.0.1) and hop 2 (10.0.0.2); tcp/80:ack passes: a stateless filter of connections to open (high confidence)',
      [
        column('tcp/80', [reply(R1), null, null, null]),
        icmp,
        column('tcp/80:ack', [...WAY, answer('closed')]),
      ],
    ],
    [
      'loop      from hop 2 on, between 10.0.0.2 and one that says nothing (high confidence)',
      [column('udp', [reply(R1), ...Array.from({ length: 5 }, () => [reply(R2), null]).flat()])],
    ],
    ['unknown   nothing beyond hop 1 (10.0.0.1) answers anything', [column('gre', [reply(R1), null])]],
    ['unknown   nothing answers anything', [column('gre', [null, null])]],
    [
      'blocked here  at hop 0, by the firewall or the routing of this machine: Operation not permitted (EPERM)',
      [column('gre', [], { refusedHere: new TransportError('EPERM', 'Operation not permitted') }), icmp],
    ],
  ];
  for (const [text, columns] of cases) {
    it(text, () => {
      assert.equal(said(...columns), text);
    });
  }

  it('stand in the order of what gets through', () => {
    const columns = [
      column('esp', [reply(R1), reply(R2), unreachable(R2, 13)]),
      column('gre', [reply(R1), null, null, null]),
      udp,
      icmp,
      column('tcp/443', [...WAY, answer('open')]),
    ];
    const { verdicts } = parts(textOf(matrix(...columns)));
    assert.deepEqual(
      verdicts.map((line) => line.split(' ', 1)[0]),
      ['icmp', 'tcp/443', 'udp/53', 'gre', 'esp'],
    );
  });

  it('have their colours, and nothing else has', () => {
    const columns = [icmp, udp, column('gre', [reply(R1), null, null, null])];
    const text = textOf(matrix(...columns), { paint: coloured });
    const painted = [...text.matchAll(/\u001b\[(\d+)m([^\u001b]*)\u001b\[39m/g)].map(([, code, word]) => [
      code,
      word,
    ]);
    assert.deepEqual(painted, [
      ['32', 'icmp'],
      ['33', 'udp/53'],
      ['31', 'gre'],
      ['32', 'reached'],
      ['33', 'silent'],
      ['31', 'dropped'],
    ]);
    assert.equal(text.replace(/\u001b\[\d+m/g, ''), textOf(matrix(...columns)));
  });
});
