/** Follows docs/adding-a-probe.md in a copy of the project: what it says compiles, conforms and works. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import ts from 'typescript';
import { codeBlocks, documentText, ROOT } from './markdown.ts';

const page = documentText('docs/adding-a-probe.md');
const COPIED = ['package.json', 'tsconfig.json', 'src', 'probes'];
const COPIED_TESTS = ['probes', 'sim', 'support', 'wire', 'golden/packets'];

/** The lines of `text` with each added line of a diff behind or before the line of context that it stands next to. */
function patched(text: string, diff: string): string {
  const lines = text.split('\n');
  const changes = diff.trimEnd().split('\n');
  for (const [index, change] of changes.entries()) {
    if (!change.startsWith('+')) continue;
    const above = changes[index - 1]?.startsWith(' ')
      ? lines.indexOf(changes[index - 1]?.slice(1) ?? '')
      : -1;
    const below = lines.indexOf(changes[index + 1]?.slice(1) ?? '');
    const at = above < 0 ? below : above + 1;
    assert.ok(at >= 0, `the page's place for "${change}" is there`);
    lines.splice(at, 0, change.slice(1));
  }
  return lines.join('\n');
}

describe('docs/adding-a-probe.md', () => {
  let copy = '';
  const written = ['probes/dccp.ts', 'test/probes/dccp.test.ts'];

  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'polytrace-page-'));
    for (const path of COPIED) cpSync(join(ROOT, path), join(copy, path), { recursive: true });
    for (const path of COPIED_TESTS) {
      cpSync(join(ROOT, 'test', path), join(copy, 'test', path), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    for (const path of written) writeFileSync(join(copy, path), codeBlocks(page, `ts ${path}`).join(''));
    const [diff = ''] = codeBlocks(page, 'diff probes/index.ts');
    const index = join(copy, 'probes/index.ts');
    writeFileSync(index, patched(readFileSync(index, 'utf8'), diff));
  });
  after(() => {
    rmSync(copy, { recursive: true });
  });

  it('compiles under the rules of the project', () => {
    const { config } = ts.readConfigFile(join(copy, 'tsconfig.json'), ts.sys.readFile.bind(ts.sys)) as {
      config: unknown; // the API has it as any
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, copy);
    const program = ts.createProgram(
      [...written, 'probes/index.ts', 'src/net/names/dns-packet.d.ts'].map((path) => join(copy, path)),
      options,
    );
    const messages = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    assert.deepEqual(messages, []);
  });

  it('makes a probe that passes its own tests and the conformance suite', () => {
    const env = { ...process.env };
    // the runner of the runner
    delete env['NODE_TEST_CONTEXT'];
    delete env['NODE_V8_COVERAGE'];
    const tests = ['test/probes/dccp.test.ts', 'test/probes/conformance.test.ts'];
    const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', '--test', ...tests], {
      cwd: copy,
      env,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout.slice(stdout.indexOf('not ok')));
    assert.match(stdout, /ok \d+ - the probe type dccp/);
    assert.match(stdout, /ok \d+ - traces a path/);
  });
});
