/** Holds docs/compatibility.md to the option tables and the tests, and proves the rows that no other test proves. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bsdOptions } from '../../src/dialects/bsd-options.ts';
import { spellings } from '../../src/dialects/completion/command-line.ts';
import { readArguments } from '../../src/dialects/getopt.ts';
import type { OptionRow, OptionTable } from '../../src/dialects/option-table.ts';
import { tcptracerouteOptions } from '../../src/dialects/tcptraceroute-options.ts';
import { PATH, tcptraceroute, traceroute } from '../dialects/run-command.ts';
import type { PathFormat } from '../sim/path-format.ts';
import { recordedCases } from '../sim/recorded.ts';
import { documentText, ROOT, tableAfter } from './markdown.ts';

const document = documentText('docs/compatibility.md');
const recorded = new Map(recordedCases().map((each) => [each.name, each]));

/** The path, from docs/, of each `[reference]: path`. */
const files = new Map(
  [...document.matchAll(/^\[([\w-]+)\]: (\S+)$/gm)].map(([, reference = '', path = '']) => [reference, path]),
);

interface Proof {
  readonly cases: readonly string[];
  readonly tests: readonly { readonly title: string; readonly reference: string }[];
}

function proofIn(cell: string): Proof {
  return {
    cases: [...cell.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name),
    tests: [...cell.matchAll(/\[([^\]]+)\]\[([\w-]+)\]/g)].map(([, title = '', reference = '']) => ({
      title,
      reference,
    })),
  };
}

/** Checks that each case and each test that a cell names is there. */
function assertProven(cell: string): void {
  const { cases, tests } = proofIn(cell);
  assert.ok(cases.length + tests.length > 0, 'a proof is named');
  for (const name of cases) assert.ok(recorded.has(name), `${name} is recorded`);
  for (const { title, reference } of tests) {
    const path = join(ROOT, 'docs', files.get(reference) ?? 'missing');
    assert.ok(existsSync(path), `[${reference}] is a file`);
    const source = readFileSync(path, 'utf8');
    const quoted = ["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote}`));
    assert.ok(quoted, `${reference} has a test "${title}"`);
  }
}

/** True where the recorded command line has the option. */
function uses(name: string, row: OptionRow<never>, options: OptionTable<never>): boolean {
  const given = [...readArguments(recorded.get(name)?.argv ?? [], options)];
  return given.some((argument) => argument.kind === 'option' && argument.row === row);
}

describe('docs/compatibility.md', () => {
  for (const [command, options] of [
    ['traceroute', bsdOptions],
    ['tcptraceroute', tcptracerouteOptions],
  ] as const) {
    const rows = tableAfter(document, `## ${command}`).slice(1);
    const nameOf = (row: OptionRow<never>, spelling: string): string =>
      `\`${`${spelling} ${row.argument ?? ''}`.trim()}\``;

    it(`has a row for each option of ${command}, and no other`, () => {
      const known = options.flatMap((row) => spellings(row).map((spelling) => nameOf(row, spelling)));
      assert.deepEqual(rows.map(([name]) => name).sort(), known.sort());
    });

    for (const row of options) {
      for (const spelling of spellings(row)) {
        it(`names what proves ${command} ${spelling}`, () => {
          const cells = rows.find(([name]) => name === nameOf(row, spelling)) ?? [];
          const [, original = '', here = '', proof = ''] = cells;
          assert.ok(original !== '' && here !== '', 'all cells are filled');
          if (here.startsWith('Not yet')) return;
          assertProven(proof);
          for (const name of proofIn(proof).cases) {
            assert.ok(uses(name, row, options), `${name} was run with ${spelling}`);
          }
        });
      }
    }
  }

  for (const heading of ['## What was kept, to the word', '## What is better, on purpose']) {
    for (const cells of tableAfter(document, heading).slice(1)) {
      it(`names what proves "${cells[0] ?? ''}"`, () => {
        assertProven(cells.at(-1) ?? '');
      });
    }
  }

  it('links no test file without naming a proof in it', () => {
    const used = new Set(proofIn(document).tests.map(({ reference }) => reference));
    assert.deepEqual([...files.keys()].sort(), [...used].sort());
  });
});

/** A path of one router to a target with addresses of both families. */
const BOTH: PathFormat = {
  ...PATH,
  src6: 'fd00::1',
  hops: [{ addr: '10.1.0.1', addr6: 'fd01::1', delay: 4 }],
  dst: { ...PATH.dst, addr6: 'fd99::1' },
  dns: { addr: '10.0.0.53', names: { 'both.example/A': ['10.99.0.1'], 'both.example/AAAA': ['fd99::1'] } },
};

for (const [name, command] of [
  ['traceroute', traceroute],
  ['tcptraceroute', tcptraceroute],
] as const) {
  describe(`${name}, where no other test shows it`, () => {
    it('-6 and -4 choose among the addresses of a name', async () => {
      assert.match(
        (await command('-6 -nq1 both.example', { path: BOTH })).out,
        /^ 1 +fd01::1 .*\n 2 +fd99::1 /,
      );
      assert.match(
        (await command('-4 -nq1 both.example', { path: BOTH })).out,
        /^ 1 +10\.1\.0\.1 .*\n 2 +10\.99\.0\.1 /,
      );
    });

    it('--flow-label is on every probe', async () => {
      const { datagrams } = await command('--flow-label 74565 -nq2 fd99::1', { path: BOTH });
      assert.ok(datagrams.length >= 4);
      for (const { octets } of datagrams) {
        assert.equal(new DataView(octets.buffer, octets.byteOffset).getUint32(0), 0x60012345);
      }
    });

    it('--gap ends either trace after so many silent hops', async () => {
      const hops = Array.from({ length: 9 }, () => ({ addr: '10.1.0.1', silent: true }));
      const { out } = await command(`--gap 2 -nq1 ${PATH.dst.addr}`, { path: { ...PATH, hops } });
      assert.match(out, /^ 1 +\*\n 2 +\*\n$/);
      const { out: json } = await command(`--gap 2 --json -nq1 ${PATH.dst.addr}`, {
        path: { ...PATH, hops },
      });
      assert.match(json, /"stop": "gap"/);
    });

    it('--nat64 shows the IPv4 address behind its prefix', async () => {
      const path: PathFormat = { ...BOTH, hops: [{ addr: '10.1.0.1', addr6: 'fd64::c000:201', delay: 4 }] };
      const plain = await command('-nq1 fd99::1', { path });
      assert.match(plain.out, /^ 1 +fd64::c000:201 {2}4/);
      const shown = await command('--nat64 fd64::/96 -nq1 fd99::1', { path });
      assert.match(shown.out, /^ 1 +fd64::c000:201 \[nat64 192\.0\.2\.1\] {2}4/);
    });

    it('--dnat shows a rewritten destination, --no-dnat-strict ignores it', async () => {
      const hops = [{ addr: '10.1.0.1', delay: 4, dnat: '192.168.7.7' }];
      const first = async (options: string): Promise<string> =>
        (await command(`${options} -nq1 -w1 -m1 ${PATH.dst.addr}`, { path: { ...PATH, hops } })).out;
      const line = ' 1  10.1.0.1  4.000 ms\n';
      assert.equal(await first('--dnat'), `      Detected DNAT to 192.168.7.7\n${line}`);
      assert.equal(await first('--dnat --no-dnat'), line);
      assert.equal(await first('--no-dnat-strict'), ' 1  *\n');
    });

    it('--json prints one document', async () => {
      const { out, err } = await command(`--json -nq1 ${PATH.dst.addr}`);
      const { trace } = JSON.parse(out) as { trace: { target: object; hops: readonly unknown[] } }; // JSON has no type
      assert.deepEqual(trace.target, { name: PATH.dst.addr, address: PATH.dst.addr });
      assert.equal(trace.hops.length, 3);
      assert.equal(err, '');
    });
  });
}

describe('tcptraceroute, where no other test shows it', () => {
  it('-d tells what is sent, and why packets are ignored', async () => {
    const { out, err } = await tcptraceroute(`-d -nq1 -m1 ${PATH.dst.addr}`);
    assert.equal(out, ' 1  10.1.0.1  4.000 ms\n');
    assert.match(err, /^debug: sent probe 1 of 1 for hop 1, .*SYN$/m);
    assert.match(err, /^debug: ignored 0 foreign, 0 malformed, 0 late and 0 duplicate packets$/m);
    assert.doesNotMatch((await tcptraceroute(`-nq1 -m1 ${PATH.dst.addr}`)).err, /debug/);
  });
});
