/** Reads the project's documents for tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top folder of the project. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Reads a document by its path from the top folder. */
export function documentText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Lists the paths of the README and all documents below docs/. */
export function documentPaths(): string[] {
  const below = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  return ['README.md', ...below.filter((path) => path.endsWith('.md')).map((path) => `docs/${path}`)];
}

/** Cuts out the fenced blocks of a language, in order. */
export function codeBlocks(text: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return [...text.matchAll(fence)].map(([, content = '']) => content);
}

/** Reads the cells of the first table below a heading or line that equals `before`, the header row first. */
export function tableAfter(text: string, before: string): string[][] {
  const lines = text.slice(text.indexOf(`\n${before}\n`) + before.length + 2).split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  return lines
    .slice(start, start + length)
    .filter((line) => !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
