import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bsdOptions } from '../../src/dialects/bsd-options.ts';
import { helpText } from '../../src/dialects/help.ts';
import { didYouMean } from '../../src/dialects/hint.ts';
import { OPTION_GROUPS, optionName, type OptionTable } from '../../src/dialects/option-table.ts';
import { tcptracerouteOptions } from '../../src/dialects/tcptraceroute-options.ts';

const tables: Readonly<Record<string, OptionTable<never>>> = {
  traceroute: bsdOptions,
  tcptraceroute: tcptracerouteOptions,
};

/** The lines below each heading of a help text. */
function sections(help: string): Map<string, string> {
  const parts = help.split(/^([A-Z][A-Za-z ]*):$/m).slice(1);
  return new Map(parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? '']] : [])));
}

for (const [program, table] of Object.entries(tables)) {
  describe(`the help of ${program}`, () => {
    it(`${program} --help has each option below the heading of its group`, async () => {
      const found = sections(await helpText(program, 'host', table));
      assert.deepEqual([...found.keys()], [...Object.values(OPTION_GROUPS), 'Probes']);
      for (const row of table) {
        const lines = found.get(OPTION_GROUPS[row.group]) ?? '';
        assert.match(lines, new RegExp(`^ +${optionName(row)} `, 'm'), optionName(row));
      }
    });
  });
}

describe('didYouMean', () => {
  it('didYouMean finds the long option that was meant', () => {
    assert.equal(didYouMean('--paralel', bsdOptions), '--parallel');
  });

  it('didYouMean finds nothing where no option comes near', () => {
    assert.equal(didYouMean('--zzzzzzzz', bsdOptions), undefined);
  });
});
