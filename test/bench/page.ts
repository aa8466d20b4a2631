/** Writes docs/benchmarks.md and its pictures. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { sectionText, type Section } from './table.ts';

const PAGE = new URL('../../docs/benchmarks.md', import.meta.url);
const PICTURES = new URL('../../docs/benchmarks/', import.meta.url);

const INTRODUCTION = `# Benchmarks

\`npm run bench -- --write\` writes this page. It measures everything anew, in turn with the peers that are installed. That
takes Linux, root and some minutes; \`NODE_EXTRA_CA_CERTS\` is unset. Compare the columns of one run, never two runs: the
lab, the tools and tcpdump share the machine's CPUs. How long silent hops are waited for has [a page of its
own](benchmarks-waits.md).`;

/** Writes the page and its pictures over those of the run before. */
export function writePage(facts: readonly string[], sections: readonly Section[]): void {
  mkdirSync(PICTURES, { recursive: true });
  for (const { picture } of sections) {
    if (picture) writeFileSync(new URL(picture.file, PICTURES), picture.svg);
  }
  const list = facts.map((fact) => `- ${fact}`).join('\n');
  const texts = sections.map((section) => sectionText(section, true));
  writeFileSync(PAGE, `${[INTRODUCTION, list, ...texts].join('\n\n')}\n`);
}
