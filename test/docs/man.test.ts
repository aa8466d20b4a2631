/** Holds the manual pages to the option tables and the renderers. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { bsdOptions } from '../../src/dialects/bsd-options.ts';
import { spellings } from '../../src/dialects/completion/command-line.ts';
import type { OptionTable } from '../../src/dialects/option-table.ts';
import { tcptracerouteOptions } from '../../src/dialects/tcptraceroute-options.ts';
import type { Family } from '../../src/model/address.ts';
import { annotationOf, type AnnotationStyle } from '../../src/render/annotation.ts';
import { documentText, ROOT } from './markdown.ts';

interface Page {
  readonly path: string;
  readonly options: OptionTable<never>;
  readonly style: AnnotationStyle;
  readonly families: readonly Family[];
}

const pages: readonly Page[] = [
  { path: 'docs/man/traceroute.8', options: bsdOptions, style: 'bsd', families: [4, 6] },
  {
    path: 'docs/man/tcptraceroute.1',
    options: tcptracerouteOptions,
    style: 'tcptraceroute',
    families: [4],
  },
];

/** Cuts the lines of a section out of a page. */
function section(page: string, name: string): string {
  const [, text = ''] = new RegExp(`^\\.Sh ${name}\\n(.*?)(?=^\\.Sh |$(?![^]))`, 'ms').exec(page) ?? [];
  return text;
}

/** Lists the options that a page describes: `-w waittime`, `--parallel N`. */
function listed(page: string): string[] {
  const items = section(page, 'DESCRIPTION').matchAll(/^\.It Fl (\S+)(?: Ar (\S+))?$/gm);
  return [...items].map(([, flag = '', argument = '']) => `-${flag} ${argument}`.trim());
}

/** Lists the letters of errors that a list of annotations explains. */
function explained(list: string): string[] {
  return [...list.matchAll(/^\.It Li (![A-Za-z])/gm)].map(([, letters = '']) => letters);
}

/** Lists the letters that the renderers have for ICMP codes. */
function letters(family: Family, style: AnnotationStyle): string[] {
  const unreachable = Array.from({ length: 16 }, (_, code) => ({ type: 'unreachable', code }) as const);
  const others = [
    { type: 'too-big', nextHopMtu: 1 } as const,
    { type: 'parameter-problem', code: 1 } as const,
  ];
  const kinds = family === 4 ? unreachable : [...unreachable, ...others];
  const all = kinds.map((kind) => annotationOf(kind, family, style).slice(0, 2));
  return [...new Set(all.filter((text) => /^![A-Za-z]/.test(text)))];
}

for (const { path, options, style, families } of pages) {
  describe(path, () => {
    const page = documentText(path);

    it('lists each option of the command with its value, and no other', () => {
      const known = options.flatMap((row) =>
        spellings(row).map((spelling) => `${spelling} ${row.argument ?? ''}`.trim()),
      );
      assert.deepEqual(listed(page).sort(), known.sort());
    });

    it('names each option of the command in its synopsis', () => {
      const synopsis = section(page, 'SYNOPSIS');
      const [, flags = ''] = /^\.Op Fl (\S+)$/m.exec(synopsis) ?? [];
      const alone = new Set(Array.from(flags, (letter) => `-${letter}`));
      const named = new Set([...synopsis.matchAll(/\bFl (\S+)/g)].map(([, flag = '']) => `-${flag}`));
      for (const row of options) {
        for (const spelling of spellings(row)) {
          const found = named.has(spelling) || (row.argument === undefined && alone.has(spelling));
          assert.ok(found, spelling);
        }
      }
    });

    it('explains each letter that the command prints after a time', () => {
      const lists = section(page, 'OUTPUT').split(/^In IPv6:$/m);
      for (const [index, family] of families.entries()) {
        assert.deepEqual(explained(lists[index] ?? '').sort(), letters(family, style).sort());
      }
    });

    const missing = spawnSync('mandoc', ['-l', '/dev/null']).error ? 'mandoc is not installed' : false;
    it('passes mandoc -Tlint', { skip: missing }, () => {
      const { stdout } = spawnSync('mandoc', ['-Tlint', '-Wstyle', path], { cwd: ROOT, encoding: 'utf8' });
      // other pages may be there or not: that depends on the machine
      const complaints = stdout
        .split('\n')
        .filter((line) => line !== '' && !line.includes('referenced manual not found'));
      assert.deepEqual(complaints, []);
    });
  });
}

describe('the manual pages of the package', () => {
  const { bin, man } = JSON.parse(documentText('package.json')) as {
    bin: Readonly<Record<string, string>>;
    man: readonly string[];
  }; // what npm reads
  const pageOf = (script: string): string => {
    const name = basename(script) === 'tcptraceroute.js' ? 'tcptraceroute.1' : 'traceroute.8';
    return documentText(`docs/man/${name}`);
  };

  for (const [name, script] of Object.entries(bin)) {
    it(`include one for ${name}, which names it`, () => {
      const path = man.find((candidate) => new RegExp(`/${name}\\.\\d$`).test(candidate));
      assert.ok(path !== undefined);
      // the path in an alias begins at a tree of manuals
      const [, alias] = /^\.so man\d\/(\S+)\n$/.exec(documentText(path)) ?? [];
      const page = documentText(alias === undefined ? path : `docs/man/${alias}`);
      assert.equal(page, pageOf(script));
      assert.match(section(page, 'NAME'), new RegExp(`^\\.Nm ${name}( ,)?$`, 'm'));
    });
  }
});
