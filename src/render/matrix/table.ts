/** The table of a matrix: each hop is a line, each probe a column. */
import type { Address } from '../../model/address.ts';
import type { Label } from '../../model/label.ts';
import type { MatrixFacts } from '../../verdict/facts.ts';
import type { MatrixColumn } from '../../verdict/matrix.ts';
import { groupsAt } from '../../verdict/paths.ts';
import type { VerdictState } from '../../verdict/verdict.ts';
import { hostText } from '../responder-text.ts';
import { groupCellText, rowsFrom, type EmptyCell } from './cell.ts';
import { groupsOf, type ColumnGroup } from './groups.ts';
import type { Paint } from './paint.ts';
import { responderText } from './responder.ts';
import { padEnd, widthOf } from './width.ts';

/** What a table needs besides the facts. */
export interface TableOptions {
  readonly firstTtl: number;
  readonly labels: ReadonlyMap<Address, Label>;
  readonly empty: EmptyCell;
  /** Columns of the terminal: what is wider is made narrower, and parted where that does not do. Infinity: as wide as it is. */
  readonly width: number;
  /** Stands for what is left out of a name. */
  readonly mark: string;
  readonly paint: Paint;
  /** Neighbours of a range, and flows of a probe, are one column if they have one key. */
  keyOf(column: MatrixColumn): string;
  /** The states of the columns that have a verdict already. */
  readonly states: ReadonlyMap<MatrixColumn, VerdictState>;
}

const GAP = 2;
/** Between columns, where there is little room. */
const NARROW_GAP = 1;
const HOP_WIDTH = 3;
/** Wide enough for most names, so that the columns stay where they are while names come in. */
const RESPONDER_WIDTH = 21;
/** No responder gets fewer columns than this, or than it needs: it is enough for any IPv4 address. */
const LEAST_RESPONDER = 15;
/** A name shorter than this gets one column more, since round-trip times are wider. */
const SHORT_NAME = 5;

/** One column of the text, the gap to the next one not included. */
interface TextColumn {
  readonly group: ColumnGroup;
  readonly name: string;
  readonly cells: readonly string[];
  readonly width: number;
}

/** How wide things are. */
interface Layout {
  readonly gap: number;
  readonly responder: number;
}

/** The lines of the table. */
export function tableLines(facts: MatrixFacts, options: TableOptions): string[] {
  const ttls = rowsFrom(options.firstTtl, facts);
  const columns = groupsOf(facts.matrix.columns, (column) => options.keyOf(column)).map((group) =>
    textColumn(group, ttls, facts, options),
  );
  const responders = ttls.map((ttl) => groupsAt(facts, ttl)[0]?.responders[0]);
  const layout = layoutOf(responders, columns, options);
  const left = ['hop', ...ttls].map((ttl, index) => {
    const responder = index === 0 ? 'responder' : textOf(responders[index - 1], layout.responder, options);
    return String(ttl).padStart(HOP_WIDTH) + ' '.repeat(layout.gap) + padEnd(responder, layout.responder);
  });
  const room = options.width - widthOf(left[0] ?? '');
  const blocks = blocksOf(columns, room, layout).map((block) => blockLines(left, block, layout, options));
  return blocks.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function textColumn(
  group: ColumnGroup,
  ttls: readonly number[],
  facts: MatrixFacts,
  { empty }: TableOptions,
): TextColumn {
  const cells = ttls.map((ttl) => groupCellText(group.members, ttl, facts, empty));
  const { share } = group;
  const name = share && share.count < share.of ? `${group.name} ${share.count}/${share.of}` : group.name;
  const nameWidth = widthOf(name) + Number(widthOf(name) < SHORT_NAME);
  return { group, name, cells, width: Math.max(nameWidth, ...cells.map(widthOf)) };
}

function textOf(
  address: Address | undefined,
  width: number,
  { labels, mark }: Pick<TableOptions, 'labels' | 'mark'>,
): string {
  return address === undefined ? '*' : responderText(address, labels.get(address) ?? {}, width, mark);
}

/**
 * The widths with which all columns stand side by side, if there are such: names give way before gaps, and gaps before the
 * table is parted.
 */
function layoutOf(
  responders: readonly (Address | undefined)[],
  columns: readonly TextColumn[],
  { labels, width }: TableOptions,
): Layout {
  const whole = responders.map((address) =>
    address === undefined ? 1 : widthOf(hostText(address, labels.get(address) ?? {})),
  );
  const needed = Math.max(RESPONDER_WIDTH, ...whole);
  const shortest = responders.map((address) => Math.min(LEAST_RESPONDER, address?.length ?? 1));
  const least = Math.max('responder'.length, ...shortest);
  const cells = columns.reduce((sum, column) => sum + column.width, 0);
  const roomBeside = (gap: number): number => width - HOP_WIDTH - gap - cells - gap * columns.length;
  for (const gap of [GAP, NARROW_GAP]) {
    const room = roomBeside(gap);
    if (room >= least) return { gap, responder: Math.min(needed, room) };
  }
  return widestOf(needed, least, (responder) => {
    const layout = { gap: GAP, responder };
    return { layout, blocks: blocksOf(columns, width - HOP_WIDTH - GAP - responder, layout).length };
  });
}

/** The widest layout that parts a table in no more blocks than the narrowest one. */
function widestOf(
  needed: number,
  least: number,
  partedBy: (responder: number) => { readonly layout: Layout; readonly blocks: number },
): Layout {
  const narrowest = partedBy(least);
  let widest = narrowest.layout;
  for (let responder = least + 1; responder <= needed; responder++) {
    const { layout, blocks } = partedBy(responder);
    if (blocks > narrowest.blocks) break;
    widest = layout;
  }
  return widest;
}

/** Parts the columns into blocks. Each has as many as there is room for, at least one. */
function blocksOf(columns: readonly TextColumn[], room: number, { gap }: Layout): TextColumn[][] {
  const blocks: TextColumn[][] = [];
  let left = 0;
  for (const column of columns) {
    if (blocks.length === 0 || gap + column.width > left) {
      blocks.push([]);
      left = room;
    }
    blocks.at(-1)?.push(column);
    left -= gap + column.width;
  }
  return blocks;
}

function blockLines(
  left: readonly string[],
  columns: readonly TextColumn[],
  { gap }: Layout,
  { paint, states }: TableOptions,
): string[] {
  return left.map((start, row) => {
    const cells = columns.map(({ group, name, cells: texts, width }) => {
      const text = row === 0 ? name : (texts[row - 1] ?? '');
      const [member] = group.members;
      const shown = row === 0 && member ? paint(text, states.get(member)) : text;
      return ' '.repeat(gap) + shown + ' '.repeat(width - widthOf(text));
    });
    return (start + cells.join('')).trimEnd();
  });
}
