/**
 * `npm run bench` compares these commands with their peers: wall time, RTT error, start-up, throughput, a matrix. Arguments
 * choose among these. `--write` takes all of them and writes docs/benchmarks.md.
 */
import { labMissing, openLab, type Lab } from '../lab/lab.ts';
import { facts } from './facts.ts';
import { matrixTime } from './matrix-time.ts';
import { writePage } from './page.ts';
import { timeError } from './time-error.ts';
import { startUp } from './start-up.ts';
import { sectionText, type Section } from './table.ts';
import { throughput } from './throughput.ts';
import { wallTime } from './wall-time.ts';

const SECTIONS: Readonly<Record<string, (lab: Lab) => Promise<Section>>> = {
  'wall-time': wallTime,
  'rtt-error': timeError,
  'start-up': startUp,
  throughput,
  matrix: matrixTime,
};

async function measure(names: readonly string[]): Promise<Section[]> {
  const lab = await openLab();
  try {
    const sections: Section[] = [];
    for (const name of names) {
      const section = await SECTIONS[name]?.(lab);
      if (!section) throw new Error(`no benchmark ${name} (${Object.keys(SECTIONS).join(', ')})`);
      console.log(`${sectionText(section, false)}\n`);
      sections.push(section);
    }
    return sections;
  } finally {
    lab.close();
  }
}

const words = process.argv.slice(2);
const chosen = words.filter((word) => word !== '--write');
const missing = labMissing();
if (missing !== undefined) {
  console.error(missing);
  process.exit(1);
}
if (words.includes('--write') && chosen.length > 0) {
  console.error('--write writes the whole page (leave the names of parts out)');
  process.exit(1);
}
const found = facts();
console.log(`${found.join('\n')}\n`);
const sections = await measure(chosen.length > 0 ? chosen : Object.keys(SECTIONS));
if (words.includes('--write')) writePage(found, sections);
