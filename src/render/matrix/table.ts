/** The table of a matrix: each hop is a line, each probe a column. */
import type { Address } from '../../model/address.ts';
import type { MatrixColumn } from '../../verdict/matrix.ts';
import type { MatrixFacts } from '../../verdict/facts.ts';
import { groupsAt } from '../../verdict/paths.ts';
import type { VerdictState } from '../../verdict/verdict.ts';
import { hostText } from '../responder-text.ts';
import { type Label } from '../../model/label.ts';
import { cellText, rowsFrom, type EmptyCell } from './cell.ts';
import type { Paint } from './paint.ts';

/** What a table needs besides the facts. */
export interface TableOptions {
  readonly firstTtl: number;
  readonly labels: ReadonlyMap<Address, Label>;
  readonly empty: EmptyCell;
  /** Wraps the table by columns; Infinity leaves it whole. */
  readonly width: number;
  readonly paint: Paint;
  /** The states of the columns that have a verdict already. */
  readonly states: ReadonlyMap<MatrixColumn, VerdictState>;
}

const GAP = 2;
const HOP_WIDTH = 3;
/** Wide enough for most names, so that the columns stay where they are while names come in. */
const RESPONDER_WIDTH = 21;
/** A name shorter than this gets one column more, since round-trip times are wider. */
const SHORT_NAME = 5;

interface TextColumn {
  readonly column: MatrixColumn;
  readonly cells: readonly string[];
  /** The gap to the next column included. */
  readonly width: number;
}

/** The lines of the table. */
export function tableLines(facts: MatrixFacts, options: TableOptions): string[] {
  const { firstTtl } = options;
  const ttls = rowsFrom(firstTtl, facts);
  const responders = ttls.map((ttl) => responderText(facts, ttl, options.labels));
  const responderWidth = Math.max(RESPONDER_WIDTH, ...responders.map((text) => text.length)) + GAP;
  const left = ['hop', ...ttls].map((ttl, index) => {
    const responder = index === 0 ? 'responder' : (responders[index - 1] ?? '');
    return String(ttl).padStart(HOP_WIDTH) + ' '.repeat(GAP) + responder.padEnd(responderWidth);
  });
  const columns = facts.columns.map((columnFacts) => {
    const cells = ttls.map((ttl) => cellText(columnFacts, ttl, facts, options.empty));
    const { column } = columnFacts;
    const nameWidth = column.name.length + Number(column.name.length < SHORT_NAME);
    return { column, cells, width: Math.max(nameWidth, ...cells.map((text) => text.length)) + GAP };
  });
  const room = options.width - (left[0] ?? '').length + GAP;
  const blocks = blocksOf(columns, room).map((block) => blockLines(left, block, options));
  return blocks.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function responderText(facts: MatrixFacts, ttl: number, labels: ReadonlyMap<Address, Label>): string {
  const address = groupsAt(facts, ttl)[0]?.responders[0];
  return address === undefined ? '*' : hostText(address, labels.get(address) ?? {});
}

/** Parts the columns into blocks. Each has as many as there is room for, at least one. */
function blocksOf(columns: readonly TextColumn[], room: number): TextColumn[][] {
  const blocks: TextColumn[][] = [];
  let left = 0;
  for (const column of columns) {
    if (blocks.length === 0 || column.width > left) {
      blocks.push([]);
      left = room;
    }
    blocks.at(-1)?.push(column);
    left -= column.width;
  }
  return blocks;
}

function blockLines(
  left: readonly string[],
  columns: readonly TextColumn[],
  { paint, states }: TableOptions,
): string[] {
  return left.map((start, row) => {
    const cells = columns.map(({ column, cells: texts, width }, index) => {
      const text = row === 0 ? column.name : (texts[row - 1] ?? '');
      const gap = index === columns.length - 1 ? '' : ' '.repeat(width - text.length);
      return (row === 0 ? paint(text, states.get(column)) : text) + gap;
    });
    return (start + cells.join('')).trimEnd();
  });
}
