/** Follows docs/adding-a-probe.md to the letter in a copy of the project, which then compiles and passes its tests. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import ts from 'typescript';
import { isAlone } from '../support/alone.ts';
import { testFiles } from '../support/test-files.ts';
import { codeBlocks, documentText, ROOT } from './markdown.ts';

const page = documentText('docs/adding-a-probe.md');

/** What the copy does without: it is made, or large. */
const NOT_COPIED: readonly string[] = ['.git', 'coverage', 'dist', 'node_modules'];
/** Test files that the copy does not run, by the beginning of their paths, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'test/lab/': 'kernel routers know no probe by name, and take minutes',
  'test/docs/security.test.ts': 'it runs the build',
  'test/docs/worked-example.test.ts': 'it runs the build in the lab',
  'test/soak/': 'likewise',
  'test/demo/': 'it runs the build, over kernel routers',
  'test/install/': 'it runs the build',
  'test/package.test.ts': 'it packs the build',
  'test/docs/adding-a-probe.test.ts': 'it is this file',
  'test/matrix/accuracy/': 'its networks have the probes that it names',
  'test/build/library.test.ts': 'it runs the build',
};

/** The copy's tests take some 60 s on two cores that have nothing else to do; the runner gives this file 400 s. */
const TIMEOUT_MS = 360_000;

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

/** What the copy runs: test/all.ts, and test files that have a process of their own. */
function testsOf(copy: string): string[] {
  const left = Object.keys(NOT_RUN);
  const alone = testFiles(copy, []).filter(isAlone);
  return ['test/all.ts', ...alone.filter((path) => !left.some((start) => path.startsWith(start)))];
}

describe('docs/adding-a-probe.md', () => {
  let copy = '';

  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'polytrace-page-'));
    chmodSync(copy, 0o755); // tests that give up root read on in it
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
    const env = { ...process.env };
    // the runner of the runner
    delete env['NODE_TEST_CONTEXT'];
    delete env['NODE_V8_COVERAGE'];
    delete env['TEST_WORDS'];
    const argv = ['--import', 'tsx', '--test', ...testsOf(copy)];
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
