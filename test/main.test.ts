/** The composition root: what both commands have in common. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { bsdOptions } from '../src/dialects/bsd-options.ts';
import { optionName, type OptionTable } from '../src/dialects/option-table.ts';
import { tcptracerouteOptions } from '../src/dialects/tcptraceroute-options.ts';
import { main } from '../src/main.ts';
import { VERSION } from '../src/version.ts';
import { PATH, traceroute } from './dialects/run-command.ts';
import { SimWorld } from './sim/sim-world.ts';

const COMMANDS: readonly (readonly ['traceroute' | 'tcptraceroute', OptionTable<never>])[] = [
  ['traceroute', bsdOptions],
  ['tcptraceroute', tcptracerouteOptions],
];

/** The version of package.json, our own data. */
function packageVersion(): unknown {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version?: unknown }; // an object, if the package is one
  return version;
}

async function run(name: 'traceroute' | 'tcptraceroute', program: string, ...argv: readonly string[]) {
  const world = new SimWorld(PATH);
  const status = await world.clock.run(main(name, program, argv, world));
  return { status, world };
}

describe('the version', () => {
  it('is that of package.json', () => {
    assert.equal(VERSION, packageVersion());
  });

  for (const [name] of COMMANDS) {
    it(`${name} --version`, async () => {
      const { status, world } = await run(name, name, '--version');
      assert.equal(world.out, `polytrace ${VERSION}\n`);
      assert.equal(status, 0);
      assert.equal(world.transport, undefined);
    });
  }
});

describe('the option tables', () => {
  for (const [name, options] of COMMANDS) {
    it(`${name}: --help has each option once, with its summary and its value`, async () => {
      const { world } = await run(name, name, '--help');
      // one line an option, however it was wrapped
      const help = world.out.replaceAll(/\s+/g, ' ');
      for (const row of options) {
        const { argument, summary } = row;
        const value = argument === undefined ? '' : ` ${argument.toUpperCase()}`;
        const text = `${optionName(row)}${value} ${summary}`;
        assert.ok(help.includes(text), text);
      }
    });

    it(`${name}: no two options have the same name, and summaries are one line`, () => {
      const names = options.flatMap(({ letter, long }) => [letter ?? [], long ?? []]).flat();
      assert.equal(new Set(names).size, names.length);
      for (const row of options) {
        assert.ok(row.letter !== undefined || row.long !== undefined);
        assert.doesNotMatch(row.summary, /\n|\.$/, optionName(row));
      }
    });
  }
});

describe('the name of the program', () => {
  it('is the one that it was called by', async () => {
    const { world } = await run('traceroute', 'polytrace', '-n', '-q1', '-m1', PATH.dst.addr);
    assert.match(world.err, /^polytrace to 10\.99\.0\.1 /);
    const bad = await run('traceroute', 'polytrace', '-q', '0', PATH.dst.addr);
    assert.equal(bad.world.err, 'polytrace: nprobes must be > 0\n');
    const usage = await run('traceroute', 'polytrace');
    assert.match(usage.world.err, /\nUsage: polytrace \[/);
  });

  it('--help names it too', async () => {
    const { world } = await run('traceroute', 'polytrace', '--help');
    assert.match(world.out, /^Usage: polytrace \[options\] host \[packetlen\]\n/);
  });
});

describe('our own mistakes', () => {
  it('keep their stack: nobody is told that the user made them', async () => {
    const mistake = new TypeError('no such thing');
    const broken = {
      routeTo: () => Promise.reject(mistake),
    };
    await assert.rejects(traceroute(`-n ${PATH.dst.addr}`, { machine: broken }), mistake);
  });
});
