/** Covers the width of the text of a matrix: src/render/matrix/table.ts, responder.ts and width.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Label } from '../../../src/model/label.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { readMatrix } from '../../../src/verdict/facts.ts';
import { matrixText, type MatrixTextOptions } from '../../../src/render/matrix/matrix-text.ts';
import { shortened, startOf, widthOf } from '../../../src/render/matrix/width.ts';
import { answer, column, matrix, reply, TEXT_OPTIONS, unreachable } from '../../matrix/make-matrix.ts';

const [R1, R2, TARGET] = ['203.0.113.111', '203.0.113.112', '198.51.100.7'] as const;
const LONG = 'ae-12.cr1.frankfurt3.de.backbone.ntt.example';
const LABELS: ReadonlyMap<string, Label> = new Map([
  [R1, { name: 'fritz.box' }],
  [R2, { name: LONG }],
  [TARGET, { name: 'shop.example' }],
]);
const FIVE = ['icmp', 'udp/53', 'tcp/22', 'tcp/443', 'tcp/443:ack'];

/** The lines of a matrix of these probes over two routers. */
function linesOf(specs: readonly string[], options: Partial<MatrixTextOptions>): string[] {
  const columns = specs.map((spec) => column(spec, [reply(R1), reply(R2), answer()]));
  const facts = readMatrix(matrix(...columns));
  return matrixText(facts, judge(facts), { ...TEXT_OPTIONS, labels: LABELS, ...options }).split('\n');
}

/** The table, without the line above it. */
function tableOf(specs: readonly string[], options: Partial<MatrixTextOptions>): string[] {
  const lines = linesOf(specs, options).slice(1);
  return lines.slice(0, lines.indexOf(''));
}

const isTable = (line: string): boolean => line.startsWith('hop');

describe('a table beside a long name', () => {
  it('leaves out the middle of the name where 80 columns are too few', () => {
    assert.deepEqual(tableOf(FIVE, { width: 80 }), [
      'hop  responder                       icmp   udp/53  tcp/22  tcp/443  tcp/443:ack',
      '  1  fritz.box (203.0.113.111)       1.0    1.0     1.0     1.0      1.0',
      '  2  ae-12.…example (203.0.113.112)  1.0    1.0     1.0     1.0      1.0',
      '  3  shop.example (198.51.100.7)     1.0    1.0     1.0     1.0      1.0',
    ]);
  });

  it('shows the address alone where a name would tell too little', () => {
    assert.deepEqual(tableOf(FIVE, { width: 70 }).slice(0, 3), [
      'hop  responder             icmp   udp/53  tcp/22  tcp/443  tcp/443:ack',
      '  1  203.0.113.111         1.0    1.0     1.0     1.0      1.0',
      '  2  203.0.113.112         1.0    1.0     1.0     1.0      1.0',
    ]);
  });

  it('holds five probes in 60 columns', () => {
    assert.deepEqual(tableOf(FIVE, { width: 60 }).slice(0, 2), [
      'hop responder        icmp  udp/53 tcp/22 tcp/443 tcp/443:ack',
      '  1 203.0.113.111    1.0   1.0    1.0    1.0     1.0',
    ]);
  });

  it('is parted into as few tables as there have to be, with names where these have room', () => {
    assert.deepEqual(tableOf(FIVE.slice(0, 2), { width: 42 })[1], '  1  203.0.113.111           1.0    1.0');
    const [first, ...rest] = linesOf([...FIVE, 'gre', 'esp', 'sctp/80'], { width: 60 }).filter(isTable);
    assert.equal(first, 'hop  responder              icmp   udp/53  tcp/22  tcp/443');
    assert.equal(rest.length, 1);
  });

  it('keeps whole names where there is no terminal', () => {
    assert.ok(tableOf(FIVE, {})[2]?.startsWith(`  2  ${LONG} (${R2})  1.0`));
  });

  it('marks what is left out by full stops where the terminal has no UTF-8', () => {
    assert.ok(
      tableOf(FIVE, { width: 80, mark: '...' })[2]?.startsWith('  2  ae-12...xample (203.0.113.112)  1.0'),
    );
  });

  it('shortens IPv6 addresses where they leave no room', () => {
    const long = '2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff';
    const columns = FIVE.map((spec) => column(spec, [reply(long), answer()]));
    const facts = readMatrix(matrix(...columns));
    const lines = matrixText(facts, judge(facts), { ...TEXT_OPTIONS, width: 60 }).split('\n');
    assert.equal(lines[2], '  1 2001:db…eee:ffff 1.0   1.0    1.0    1.0     1.0');
  });

  for (const width of [40, 60, 80, 120]) {
    it(`leaves no line longer than ${width} columns`, () => {
      const columns = FIVE.map((spec, index) =>
        column(spec, [
          reply(R1),
          reply(R2),
          index === 1 ? unreachable(R2, 13) : index === 2 ? null : answer(),
        ]),
      );
      const facts = readMatrix(matrix(...columns));
      const text = matrixText(facts, judge(facts), { ...TEXT_OPTIONS, labels: LABELS, width });
      const [, ...lines] = text.split('\n');
      for (const line of lines) assert.ok(widthOf(line) <= width, line);
    });
  }
});

describe('wide characters', () => {
  it('count as two columns each, so that the cells stand one below the other', () => {
    const labels = new Map([
      [R1, { name: '\u65e5\u672c\u8a9e.\u4f8b\u3048' }],
      [R2, { name: 'cafe\u0301.example' }],
    ]);
    const [, first = '', second = ''] = tableOf(['icmp'], { labels });
    const startsOfCells = [first, second].map((line) => widthOf(line.slice(0, line.lastIndexOf('1.0'))));
    assert.equal(startsOfCells[0], startsOfCells[1]);
    assert.ok(first.length < second.length);
  });

  it('are never cut in two', () => {
    assert.equal(startOf('\u65e5\u672c\u8a9e', 5), '\u65e5\u672c');
    assert.equal(shortened('\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e', 6, '\u2026'), '\u65e5\u2026\u8a9e');
    assert.equal(shortened('ab\u0301cdefgh', 5, '\u2026'), 'ab\u0301\u2026gh');
    assert.equal(widthOf('\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'), 2);
  });
});
