/** The probes of the registry, as help lists them. */
import { anyProtocol, probeTypes, type ProbeType } from '../../probes/index.ts';

const INDENT = '  ';
const GAP = 2;
/** What a command line has in place of the name of the type for any protocol. */
const ANY_PROTOCOL = 'NAME, 1-255';

/**
 * Lines for each probe type: its name on a command line, and what it sends.
 * @param columns - the longest line
 */
export function probeList(columns: number): string {
  const rows = probeTypes.map((type: ProbeType): readonly [string, string] => [
    type === anyProtocol ? ANY_PROTOCOL : type.name,
    type.summary,
  ]);
  const width = Math.max(...rows.map(([name]) => name.length)) + GAP;
  const room = columns - INDENT.length - width;
  const lines = rows.map(([name, summary]) => {
    const [first = '', ...more] = wrapped(summary, room);
    const below = more.map((line) => INDENT + ' '.repeat(width) + line);
    return [INDENT + name.padEnd(width) + first, ...below].join('\n');
  });
  return ['Probes:', ...lines].join('\n');
}

/** Lines of at most `room` characters, where words allow. */
function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
