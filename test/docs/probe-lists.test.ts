/** Holds every list of probes that users read against the registry. A failure names the line that is missing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anyProtocol, probeTypes, type ProbeType } from '../../probes/index.ts';
import { tcptraceroute, traceroute } from '../dialects/run-command.ts';
import { documentText, tableAfter } from './markdown.ts';

const named = probeTypes.filter((type: ProbeType) => type !== anyProtocol);
const names = named.map(({ name }) => name);

describe('the list of probes', () => {
  for (const { name, summary } of named) {
    it(`of docs/man/traceroute.8 has ${name}`, () => {
      const [, probes = ''] = /^\.Sh PROBES\n(.*?)^\.Sh /ms.exec(documentText('docs/man/traceroute.8')) ?? [];
      const remedy = `docs/man/traceroute.8, PROBES: add the line ".It Cm ${name}", and under it what it sends`;
      assert.ok(probes.split('\n').includes(`.It Cm ${name}`), remedy);
    });

    it(`of the README has ${name}`, () => {
      const rows = tableAfter(documentText('README.md'), '`traceroute [options] host [packetlen]`');
      const [, cell = ''] = rows.find(([option]) => option === '`-P` proto') ?? [];
      assert.ok(cell.includes(`\`${name}\``), `README.md, the row of -P: add "\`${name}\`, " (is "${cell}")`);
    });

    it(`of --help has ${name}`, async () => {
      for (const command of [traceroute, tcptraceroute]) {
        const { out } = await command('--help');
        assert.match(out, new RegExp(`^  ${name} +${summary.slice(0, 40)}`, 'm'));
      }
    });
  }

  it('of docs/man/traceroute.8 has no probe that the registry lacks', () => {
    const [, probes = ''] = /^\.Sh PROBES\n(.*?)^\.Sh /ms.exec(documentText('docs/man/traceroute.8')) ?? [];
    const listed = [...probes.matchAll(/^\.It Cm (\S+)$/gm)].map(([, name = '']) => name);
    assert.deepEqual(
      listed.filter((name) => !names.some((known) => known === name)),
      [],
    );
  });
});
