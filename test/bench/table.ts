/** Writes tables as Markdown whose columns line up, for a terminal and for a page. */

/** A table in its cells. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A part of the page. */
export interface Section {
  readonly title: string;
  /** Tells what was measured and how; stands before the tables. */
  readonly text: string;
  readonly tables: readonly Table[];
  readonly picture?: Picture;
}

/** A picture of a section. */
export interface Picture {
  /** Its name in `benchmarks/`, the folder next to the page. */
  readonly file: string;
  readonly description: string;
  readonly svg: string;
}

/** Headings of columns that hold words. The other columns hold numbers. */
const WORDS: ReadonlySet<string> = new Set(['path', 'tool', 'what', 'probes', 'reached', 'note', 'answers']);

function cell(text: string, width: number, heading: string): string {
  return WORDS.has(heading) ? text.padEnd(width) : text.padStart(width);
}

function rule(width: number, heading: string): string {
  return WORDS.has(heading) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`;
}

/** Writes a table as Markdown: words to the left, numbers to the right. */
export function tableText({ head, rows }: Table): string {
  const widths = head.map((heading, column) =>
    Math.max(3, heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, column) => cell(text, widths[column] ?? 0, head[column] ?? '')).join(' | ')} |`;
  const rules = head.map((heading, column) => rule(widths[column] ?? 0, heading));
  return [line(head), `| ${rules.join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** Writes a section as Markdown, with its picture if `withPictures`. */
export function sectionText({ title, text, tables, picture }: Section, withPictures: boolean): string {
  const shown = picture && withPictures ? [`![${picture.description}](benchmarks/${picture.file})`] : [];
  return [`## ${title}`, text, ...tables.map(tableText), ...shown].join('\n\n');
}

/** Says `yes` where the value reaches the goal: is at most, or at least, the goal. */
export function verdict(value: number, goal: number, which: 'at most' | 'at least' = 'at most'): string {
  return (which === 'at most' ? value <= goal : value >= goal) ? 'yes' : 'no';
}
