/** Holds the README to what the commands do, and the links of all documents to what is there. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { bsdOptions } from '../../src/dialects/bsd-options.ts';
import { optionName, type OptionTable } from '../../src/dialects/option-table.ts';
import { tcptracerouteOptions } from '../../src/dialects/tcptraceroute-options.ts';
import { screenOf } from '../demo/in-memory.ts';
import { readmeRuns, typed } from '../demo/transcripts.ts';
import { normalise } from '../sim/normalise.ts';
import { codeBlocks, documentPaths, documentText, ROOT, tableAfter } from './markdown.ts';

const readme = documentText('README.md');

/** Replaces the round-trip times of a matrix, which have no unit. */
function withoutCells(text: string): string {
  return text.replace(/(?<=\s)\d+\.\d(?=\s|$)/g, '<rtt>');
}

describe('the transcripts of the README', () => {
  const transcripts = new Map(
    codeBlocks(readme, 'console').map((block) => {
      const [, command = '', shown = ''] = /^\$ (.*?)\n(.*)$/s.exec(block) ?? [];
      return [command, shown];
    }),
  );

  it('are the runs of the demonstration', () => {
    assert.deepEqual([...transcripts.keys()].sort(), readmeRuns.map(typed).sort());
  });

  for (const run of readmeRuns) {
    it(`show what ${typed(run)} prints`, async () => {
      const shown = transcripts.get(typed(run)) ?? '';
      assert.equal(withoutCells(await screenOf(run)), withoutCells(normalise(shown)));
    });
  }
});

describe('the options in the README', () => {
  const named = (line: string): string[] =>
    tableAfter(readme, line)
      .slice(1)
      .flatMap(([cell = '']) => [...cell.matchAll(/`(-[^`]+)`/g)].map(([, name = '']) => name));
  const commands: readonly [string, OptionTable<never>][] = [
    ['`traceroute [options] host [packetlen]`', bsdOptions],
    ['`tcptraceroute [options] host [destination port] [length]`', tcptracerouteOptions],
  ];
  for (const [line, table] of commands) {
    it(`below ${line} are options of that command`, () => {
      const known = table.map(optionName);
      assert.ok(named(line).length > 10, 'the table is there');
      assert.deepEqual(
        named(line).filter((name) => !known.includes(name)),
        [],
      );
    });
  }
});

describe('the links between documents', () => {
  for (const path of documentPaths()) {
    it(`lead from ${path} to files that are there`, () => {
      const targets = [...documentText(path).matchAll(/\]\((?!https?:)([^)#\s]+)[^)]*\)/g)];
      const dead = targets
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(join(ROOT, dirname(path), target)));
      assert.deepEqual(dead, []);
    });
  }
});
