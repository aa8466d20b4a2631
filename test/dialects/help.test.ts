import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { main } from '../../src/main.ts';
import { SimWorld } from '../sim/sim-world.ts';
import { PATH } from './run-command.ts';
import { bsdOptions } from '../../src/dialects/bsd-options.ts';
import { helpText } from '../../src/dialects/help.ts';
import { didYouMean } from '../../src/dialects/hint.ts';
import { OPTION_GROUPS, optionName, type OptionTable } from '../../src/dialects/option-table.ts';
import { tcptracerouteOptions } from '../../src/dialects/tcptraceroute-options.ts';

const tables: Readonly<Record<'traceroute' | 'tcptraceroute', OptionTable<never>>> = {
  traceroute: bsdOptions,
  tcptraceroute: tcptracerouteOptions,
};

/** The lines below each heading of a help text. */
function sections(help: string): Map<string, string> {
  const parts = help.split(/^([A-Z][A-Za-z ]*):$/m).slice(1);
  return new Map(parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? '']] : [])));
}

for (const program of ['traceroute', 'tcptraceroute'] as const) {
  const table = tables[program];
  describe(`the help of ${program}`, () => {
    it(`${program} --help has each option below the heading of its group`, async () => {
      const found = sections(await helpText(program, program, 'host', table));
      assert.deepEqual([...found.keys()], ['Examples', ...Object.values(OPTION_GROUPS), 'Probes']);
      for (const row of table) {
        const lines = found.get(OPTION_GROUPS[row.group]) ?? '';
        assert.match(lines, new RegExp(`^ +${optionName(row)} `, 'm'), optionName(row));
      }
    });
  });
}

describe('the help on a terminal', () => {
  for (const [width, most] of [
    [40, 40],
    [80, 80],
    [200, 120],
    [10, 40],
  ] as const) {
    it(`has lines of ${most} columns at most where the terminal has ${width}`, async () => {
      for (const program of ['traceroute', 'tcptraceroute'] as const) {
        const world = new SimWorld(PATH, {
          terminal: { width, height: 24, colour: false, isUtf8: true, redraws: true },
        });
        assert.equal(await main(program, program, ['--help'], world), 0);
        const longest = Math.max(...world.out.split('\n').map((line) => line.length));
        assert.ok(longest <= most && longest > most - 20, `${longest} columns`);
      }
    });
  }

  it('shows a letter with its value, four examples, and the matrix', async () => {
    const world = new SimWorld(PATH);
    await main('traceroute', 'traceroute', ['--help'], world);
    assert.match(world.out, /^ {2}-w SECONDS +wait this long/m);
    assert.match(world.out, /^ {2}-n +show addresses/m);
    assert.match(
      world.out,
      /\nExamples:\n(traceroute .*\n){3}traceroute --matrix default shop\.example .*\n\n/,
    );
  });
});

describe('didYouMean', () => {
  it('didYouMean finds the long option that was meant', () => {
    assert.equal(didYouMean('--paralel', bsdOptions), '--parallel');
  });

  it('didYouMean finds nothing where no option comes near', () => {
    assert.equal(didYouMean('--zzzzzzzz', bsdOptions), undefined);
  });
});
