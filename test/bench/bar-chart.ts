/** Draws horizontal bars in groups, as SVG. */

/** One bar of a chart. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** A second value, not below the first one; it is drawn lighter, behind it. */
  readonly behind?: number;
  /** Stands next to the bar. */
  readonly text: string;
  /** Gives the bar the colour that stands out. */
  readonly isOurs: boolean;
}

/** Bars that share a title and a scale. */
export interface BarGroup {
  readonly title: string;
  /** The longest one takes the whole width, so each group has a scale of its own. */
  readonly bars: readonly Bar[];
}

const WIDTH = 760;
const LABELS_WIDTH = 190;
const TEXT_WIDTH = 190;
const ROW_HEIGHT = 22;
const BAR_HEIGHT = 14;
const TITLE_HEIGHT = 30;
const OURS = '#1f6feb';
const THEIRS = '#8b949e';

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function textAt(x: number, y: number, text: string, more = ''): string {
  return `<text x="${x}" y="${y}"${more}>${escaped(text)}</text>`;
}

function barAt(y: number, width: number, { isOurs }: Bar, opacity: number): string {
  const colour = isOurs ? OURS : THEIRS;
  const size = `width="${Math.max(1, width).toFixed(1)}" height="${BAR_HEIGHT}"`;
  return `<rect x="${LABELS_WIDTH}" y="${y}" ${size} fill="${colour}" opacity="${opacity}"/>`;
}

function rowsOf(bar: Bar, y: number, largest: number): string[] {
  const scale = (WIDTH - LABELS_WIDTH - TEXT_WIDTH) / largest;
  const end = LABELS_WIDTH + (bar.behind ?? bar.value) * scale;
  const baseline = y + BAR_HEIGHT - 3;
  return [
    textAt(LABELS_WIDTH - 8, baseline, bar.label, ' text-anchor="end"'),
    ...(bar.behind === undefined ? [] : [barAt(y, bar.behind * scale, bar, 0.35)]),
    barAt(y, bar.value * scale, bar, 1),
    textAt(Number((end + 8).toFixed(1)), baseline, bar.text),
  ];
}

/** Draws the whole picture on a white ground, since pages are read in dark mode too. */
export function barChart(title: string, groups: readonly BarGroup[]): string {
  const lines: string[] = [];
  let y = TITLE_HEIGHT + 8;
  for (const group of groups) {
    lines.push(textAt(12, y + 14, group.title, ' font-weight="bold"'));
    y += TITLE_HEIGHT - 4;
    const largest = Math.max(...group.bars.map((bar) => bar.behind ?? bar.value));
    for (const bar of group.bars) {
      lines.push(...rowsOf(bar, y, largest));
      y += ROW_HEIGHT;
    }
    y += 6;
  }
  const font = 'font-family="system-ui, sans-serif" font-size="12" fill="#1f2328"';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img" ${font}>`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${y}" fill="#ffffff"/>`,
    textAt(12, 22, title, ' font-size="15"'),
    ...lines,
    '</svg>\n',
  ].join('\n');
}
