/** BSD traceroute reads its command line: src/dialects/getopt.ts, bsd.ts, bsd-number.ts and help.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bsdOptions } from '../../src/dialects/bsd-options.ts';
import { optionName } from '../../src/dialects/option-table.ts';
import { PATH, traceroute } from './run-command.ts';

const TARGET = PATH.dst.addr;
const HEAD = `traceroute to ${TARGET} (${TARGET}), `;

describe('traceroute: ways to write the same', () => {
  const groups: readonly (readonly string[])[] = [
    [
      `-n -q 1 -m 1 ${TARGET}`,
      `-nq1 -m1 ${TARGET}`,
      `-nq 1 -m 1 ${TARGET}`,
      `-q1 -m1 -n ${TARGET}`,
      `${TARGET} -n -q1 -m1`,
      `-n ${TARGET} -q 1 -m 1`,
      `-nq1 -m1 -- ${TARGET}`,
      `-n -q0x1 -m 0X1 ${TARGET}`,
      `-n -q +1 -m 01 ${TARGET}`,
      `-nnq9 -q1 -m1 ${TARGET}`,
    ],
    [
      `-n -I -q1 -m1 ${TARGET}`,
      `-nIq1 -m1 ${TARGET}`,
      `-nPicmp -q1 -m1 ${TARGET}`,
      `-n -Picmp -q1 -m1 ${TARGET}`,
      `-nP icmp -q1 -m1 ${TARGET}`,
    ],
    [`-n -f 2 -q1 -m2 ${TARGET} 100`, `-nf2 -q1 -m2 ${TARGET} 100`, `-n ${TARGET} -f2 0x64 -q1 -m2`],
    [`-n --parallel 1 -q1 -m1 ${TARGET}`, `-n --parallel=1 -q1 -m1 ${TARGET}`],
    [`-n -w 1 -z 5 -q1 -m1 ${TARGET}`, `-nw1 -z5 -q1 -m1 ${TARGET}`],
  ];
  for (const [first = '', ...others] of groups) {
    for (const other of others) {
      it(`traceroute reads "${other}" as "${first}"`, async () => {
        const expected = await traceroute(first);
        const { out, err, probes, status } = await traceroute(other);
        assert.equal(status, 0);
        assert.ok(err.startsWith(HEAD), err);
        assert.equal(expected.probes.length, 1);
        assert.deepEqual(
          { out, err, probes },
          { out: expected.out, err: expected.err, probes: expected.probes },
        );
      });
    }
  }

  it('traceroute takes a host that begins with "-" after --', async () => {
    const names = { '-odd.example.net/A': [TARGET] };
    const path = { ...PATH, dns: { addr: '10.0.0.53', names } };
    const { err } = await traceroute('-nq1 -m1 -- -odd.example.net 50', { path });
    assert.equal(err, `traceroute to -odd.example.net (${TARGET}), 1 hops max, 50 byte packets\n`);
  });

  it('traceroute goes by the last value of an option given twice', async () => {
    const { probes } = await traceroute(`-n -q2 -q1 -m9 -m1 -t1 -t2 ${TARGET}`);
    assert.deepEqual(
      probes.map(({ tos }) => tos),
      [2],
    );
  });
});

describe('traceroute: help', () => {
  it('traceroute --help names every option and sends nothing', async () => {
    const { out, err, status, raw } = await traceroute('--help');
    assert.equal(status, 0);
    assert.equal(err, '');
    assert.equal(raw, undefined);
    assert.match(out, /^Usage: traceroute \[options\] host \[packetlen\]\n/);
    for (const row of bsdOptions) {
      assert.match(out, new RegExp(`(^|[ ,])${optionName(row)}[ ,]`, 'm'), optionName(row));
    }
  });

  it('traceroute --version prints the version and sends nothing', async () => {
    const { out, status } = await traceroute('--version');
    assert.match(out, /^polytrace \d+\.\d+\.\d+\n$/);
    assert.equal(status, 0);
  });

  for (const line of ['--help', '--version']) {
    it(`traceroute ${line} wins over all other arguments`, async () => {
      const { status, raw, err } = await traceroute(`-n ${line} ${TARGET} 100 more`);
      assert.equal(status, 0);
      assert.equal(raw, undefined);
      assert.equal(err, '');
    });
  }
});

describe('traceroute: every letter', () => {
  it('traceroute has every letter of the original once, and no other but -4 and -6', () => {
    const letters = bsdOptions.flatMap(({ letter }) => letter ?? []);
    assert.equal(new Set(letters).size, letters.length);
    const original = Array.from('adDeEFInrSvxAfgimMpPqstwz');
    assert.deepEqual(
      original.filter((letter) => !letters.includes(letter)),
      [],
    );
    assert.deepEqual(
      letters.filter((letter) => !original.includes(letter) && !'46'.includes(letter)),
      [],
    );
  });
});
