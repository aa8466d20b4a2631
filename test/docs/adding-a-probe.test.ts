/** Follows docs/adding-a-probe.md to the letter in a copy of the project, which then compiles and passes its tests. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import ts from 'typescript';
import { codeBlocks, documentText, ROOT } from './markdown.ts';

const page = documentText('docs/adding-a-probe.md');

/** What the copy does without: it is made, or large. */
const NOT_COPIED: readonly string[] = ['.git', 'coverage', 'dist', 'node_modules'];
/** Test files that the copy does not run, by the beginning of their paths, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'lab/': 'kernel routers know no probe by name, and take minutes',
  'bench/': 'it measures, and the machine is busy',
  'docs/worked-example.test.ts': 'it runs the build in the lab',
  'demo/': 'it runs the build, over kernel routers',
  'install/': 'it runs the build',
  'package.test.ts': 'it packs the build',
  'docs/adding-a-probe.test.ts': 'it is this file',
  'matrix/accuracy/': 'its networks have the probes that it names',
  'net/host/': 'it asks for the routes of this machine, and tests before it have left its network for good',
  'net/raw/ways.test.ts': 'likewise',
  'build/library.test.ts': 'it runs the build',
  'net/conformance/transports.test.ts': 'it collects garbage, of which one process of all tests has too much',
};

/** The copy's tests take some 60 s on two cores that have nothing else to do; the runner gives this file 240 s. */
const TIMEOUT_MS = 220_000;

/** The lines of `text` with each added line of a diff behind or before the line of context that it stands next to. */
function patched(text: string, diff: string): string {
  const lines = text.split('\n');
  const changes = diff.trimEnd().split('\n');
  for (const [index, change] of changes.entries()) {
    if (!change.startsWith('+')) continue;
    const before = changes[index - 1] ?? '';
    const above = /^[ +]/.test(before) ? lines.indexOf(before.slice(1)) : -1;
    const below = lines.indexOf((changes[index + 1] ?? '').slice(1));
    const at = above < 0 ? below : above + 1;
    assert.ok(at >= 0, `the page's place for "${change}" is there`);
    lines.splice(at, 0, change.slice(1));
  }
  return lines.join('\n');
}

/** The blocks of the page that are whole files, and those that change one, by path. */
function blocksOf(kind: 'ts' | 'diff'): ReadonlyMap<string, string> {
  const paths = [...page.matchAll(new RegExp(`^\`\`\`${kind} (\\S+)$`, 'gm'))].map(([, path = '']) => path);
  return new Map(paths.map((path) => [path, codeBlocks(page, `${kind} ${path}`).join('')]));
}

/** Does in a copy of the project what the page says. */
function followPage(copy: string): void {
  for (const [path, text] of blocksOf('ts')) writeFileSync(join(copy, path), text);
  for (const [path, diff] of blocksOf('diff')) change(join(copy, path), (text) => patched(text, diff));
  // the page says this one in words: a table's row is too long to show
  const [, added = '', neighbour = ''] = /gets `` (`\w+`) `` behind `` (`\w+`) ``/.exec(page) ?? [];
  change(join(copy, 'README.md'), (text) =>
    text.replace(/^\| `-P` proto.*$/m, (row) => row.replace(neighbour, `${neighbour}, ${added}`)),
  );
}

function change(path: string, edit: (text: string) => string): void {
  const text = readFileSync(path, 'utf8');
  const edited = edit(text);
  assert.notEqual(edited, text, path);
  writeFileSync(path, edited);
}

/** The test files of the copy, as imports of one file: one process starts in a tenth of the time of a hundred. */
function testsOf(copy: string): string {
  const left = Object.keys(NOT_RUN);
  return readdirSync(join(copy, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !left.some((start) => path.startsWith(start)))
    .sort()
    .map((path) => `import './${path}';\n`)
    .join('');
}

describe('docs/adding-a-probe.md', () => {
  let copy = '';

  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'polytrace-page-'));
    for (const entry of readdirSync(ROOT)) {
      if (!NOT_COPIED.includes(entry)) cpSync(join(ROOT, entry), join(copy, entry), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    followPage(copy);
  });
  after(() => {
    rmSync(copy, { recursive: true });
  });

  it('compiles under the rules of the project', () => {
    const { config } = ts.readConfigFile(join(copy, 'tsconfig.json'), ts.sys.readFile.bind(ts.sys)) as {
      config: unknown; // the API has it as any
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, copy);
    const declared = [...blocksOf('ts').keys(), 'probes/index.ts', 'src/net/names/dns-packet.d.ts'];
    const written = declared.map((path) => join(copy, path));
    const messages = ts
      .getPreEmitDiagnostics(ts.createProgram(written, options))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    assert.deepEqual(messages, []);
  });

  it('makes a probe with which all tests of the project pass', () => {
    writeFileSync(join(copy, 'test/all.ts'), testsOf(copy));
    const env = { ...process.env };
    // the runner of the runner
    delete env['NODE_TEST_CONTEXT'];
    delete env['NODE_V8_COVERAGE'];
    const argv = ['--import', 'tsx', '--test', 'test/all.ts'];
    const { stdout, status } = spawnSync(process.execPath, argv, {
      cwd: copy,
      env,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      timeout: TIMEOUT_MS,
    });
    const failures = stdout.split('\n').filter((line) => /^ *(not ok|error:)/.test(line));
    assert.equal(status, 0, failures.join('\n'));
    assert.match(stdout, /ok \d+ - the probe type dccp/);
    assert.match(stdout, /ok \d+ - a matrix with the probe type dccp, IPv6/);
    assert.match(stdout, /ok \d+ - of the README has dccp/);
    assert.match(stdout, /ok \d+ - traces a path/);
  });
});
