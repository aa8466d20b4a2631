/** Covers .github/ and the dotfiles of the top folder: they parse, and what they name is there. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { check } from 'prettier';
import { documentText, ROOT } from './markdown.ts';

const manifest = JSON.parse(documentText('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
  readonly prettier: { readonly printWidth: number };
}; // npm's own form
const forms = readdirSync(join(ROOT, '.github/ISSUE_TEMPLATE')).filter((file) => file !== 'config.yml');

/** The first group of each match, each one once. */
function all(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, found = '']) => found))];
}

describe('the files of .github', () => {
  const files = readdirSync(join(ROOT, '.github'), { recursive: true, encoding: 'utf8' });

  for (const file of files.filter((path) => path.endsWith('.yml'))) {
    it(`${file} is YAML in the project's own layout`, async () => {
      assert.ok(await check(documentText(`.github/${file}`), { parser: 'yaml', singleQuote: true }));
    });
  }

  it('hold what hosts look for', () => {
    for (const name of ['SECURITY.md', 'CODE_OF_CONDUCT.md', 'pull_request_template.md', 'dependabot.yml']) {
      assert.ok(files.includes(name), name);
    }
  });
});

describe('the workflow', () => {
  const workflow = documentText('.github/workflows/ci.yml');

  it('runs scripts that package.json has', () => {
    const named = all(workflow, /\bnpm (?:run )?([\w:]+)/g).filter((word) => word !== 'ci');
    assert.ok(named.includes('build') && named.includes('test'), named.join(' '));
    for (const name of named) assert.ok(name in manifest.scripts, `npm run ${name}`);
  });

  it('runs the one check, which is there', () => {
    const scripts = all(workflow, /\bbash (\S*\/\S+)/g);
    assert.deepEqual(scripts, ['.ci/run']);
    assert.ok(existsSync(join(ROOT, '.ci/run')));
  });

  it('runs commands that the package has', () => {
    const commands = all(workflow, /(dist\/\S+\.js)/g);
    assert.ok(commands.length > 0);
    for (const command of commands) assert.ok(Object.values(manifest.bin).includes(command), command);
  });

  it('names folders of tests that are there', () => {
    const folders = all(workflow, /(?<=\s)([\w/]+)\/(?=\s)/g);
    assert.ok(folders.length > 0);
    for (const folder of folders) assert.ok(existsSync(join(ROOT, 'test', folder)), folder);
  });

  it('takes the Node of .nvmrc, which is the oldest that the package allows', () => {
    assert.match(workflow, /node-version-file: \.nvmrc/);
    assert.equal(`>=${documentText('.nvmrc').trim()}`, manifest.engines.node);
  });
});

describe('the issue forms', () => {
  for (const form of forms) {
    it(`${form} asks for the version, the command, its output and a --json file`, () => {
      const text = documentText(`.github/ISSUE_TEMPLATE/${form}`);
      for (const word of ['--version', 'command', 'output', '--json']) {
        assert.match(text, new RegExp(word, 'i'), word);
      }
    });

    it(`${form} links documents that are there`, () => {
      for (const path of all(documentText(`.github/ISSUE_TEMPLATE/${form}`), /\b(docs\/[\w/-]+\.md)/g)) {
        assert.ok(existsSync(join(ROOT, path)), path);
      }
    });
  }

  it('are for bugs and for features', () => {
    assert.deepEqual(forms.sort(), ['bug.yml', 'feature.yml']);
  });
});

describe('.editorconfig', () => {
  it('has the width that prettier has', () => {
    const [width] = all(documentText('.editorconfig'), /^max_line_length = (\d+)$/gm);
    assert.equal(Number(width), manifest.prettier.printWidth);
  });
});
