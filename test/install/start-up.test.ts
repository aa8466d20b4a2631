/** What each command loads before its first probe: little, for every module costs time (docs/architecture.md). */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { labMissing } from '../lab/namespaces.ts';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const COMMANDS = ['traceroute', 'tcptraceroute', 'polytrace'];

/** The package, or the module of dist without the hash of its content, in a script's address. */
const LOADED = /\/(?:node_modules|dist)\/([a-z]+(?:-[a-z]+)*)/;

/** What a module of dist imports whether or not it is used. */
function staticImports(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(DIST, file), 'utf8'), ts.ScriptTarget.ESNext);
  return source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const from = statement.moduleSpecifier;
    return from && ts.isStringLiteral(from) ? [from.text] : [];
  });
}

/** All that is loaded from outside dist when the module is. */
function outsideImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const imports = staticImports(file);
  const own = imports.filter((name) => name.startsWith('./'));
  const outside = imports.filter((name) => !name.startsWith('./'));
  return new Set([...outside, ...own.flatMap((name) => [...outsideImports(basename(name), seen)])]);
}

interface Coverage {
  readonly result: readonly { readonly url: string }[];
}

/** The packages and modules of dist that one run loaded, as Node's own coverage lists them. */
function loadedBy(command: string, ...args: string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'start-up-'));
  try {
    const env = { ...process.env, NODE_V8_COVERAGE: folder };
    const run = spawnSync(process.execPath, [join(DIST, `${command}.js`), ...args], {
      env,
      encoding: 'utf8',
    });
    assert.equal(run.status, 0, run.stderr);
    const urls = readdirSync(folder).flatMap((file) => {
      const coverage = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Coverage; // Node's form
      return coverage.result.map(({ url }) => url);
    });
    const names = urls.flatMap((url) => LOADED.exec(url)?.slice(1) ?? []);
    return [...new Set(names)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the start of each command', () => {
  for (const command of COMMANDS) {
    it(`${command} imports nothing that Node does not bring, until it is used`, () => {
      const outside = [...outsideImports(`${command}.js`)];
      assert.ok(outside.length > 0);
      const others = outside.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')));
      assert.deepEqual(others, []);
    });
  }

  it(
    'a trace without names loads neither yargs, nor the resolver, nor the matrix',
    { skip: labMissing() ?? false },
    () => {
      const loaded = loadedBy('traceroute', '-n', '-m', '1', '-q', '1', '127.0.0.1');
      assert.deepEqual(
        loaded.filter((name) =>
          ['yargs', 'dns-packet', 'help', 'resolver', 'script', 'run-matrix'].includes(name),
        ),
        [],
      );
      assert.ok(loaded.includes('traceroute'));
    },
  );

  it('--version loads no package at all', () => {
    const loaded = loadedBy('tcptraceroute', '--version');
    assert.deepEqual(loaded.sort(), ['chunk', 'tcptraceroute']);
  });

  it('--help loads yargs, as this test would see', () => {
    const loaded = loadedBy('traceroute', '--help');
    assert.ok(loaded.includes('yargs') && loaded.includes('help'), loaded.join());
  });
});
