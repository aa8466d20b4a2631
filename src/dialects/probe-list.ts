/** The probes of the registry, as help lists them. */
import { anyProtocol, probeTypes, type ProbeType } from '../../probes/index.ts';

const INDENT = '  ';
const GAP = 2;
/** What a command line has in place of the name of the type for any protocol. */
const ANY_PROTOCOL = 'NAME, 1-255';

/** A line for each probe type: its name on a command line, and what it sends. */
export function probeList(): string {
  const rows = probeTypes.map((type: ProbeType): readonly [string, string] => [
    type === anyProtocol ? ANY_PROTOCOL : type.name,
    type.summary,
  ]);
  const width = Math.max(...rows.map(([name]) => name.length)) + GAP;
  const lines = rows.map(([name, summary]) => INDENT + name.padEnd(width) + summary);
  return ['Probes:', ...lines].join('\n');
}
