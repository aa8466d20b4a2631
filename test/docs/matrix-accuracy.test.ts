/** Covers docs/matrix-accuracy.md: its kinds are those that are drawn. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KINDS } from '../matrix/accuracy/kinds/index.ts';
import { PLAIN_KINDS } from '../matrix/accuracy/plain/kinds.ts';
import { documentText } from './markdown.ts';

const page = documentText('docs/matrix-accuracy.md');

/** The kinds that a section has a row for. */
function kindsIn(title: string): readonly string[] {
  const [section = ''] = (page.split(`\n## ${title}\n`)[1] ?? '').split('\n## ');
  return [...section.matchAll(/^\| `([\w-]+)` /gm)].map(([, kind = '']) => kind);
}

describe('docs/matrix-accuracy.md', () => {
  it('has a row for each kind of network, and no other', () => {
    const rows = kindsIn('The kinds');
    assert.deepEqual(rows, Object.keys(KINDS));
    assert.ok(page.includes(`${rows.length} kinds`), 'it counts them');
  });

  it('has a row for each further kind that plain traces are tried over', () => {
    assert.deepEqual([...Object.keys(KINDS), ...kindsIn('Plain traces')], Object.keys(PLAIN_KINDS));
  });

  it('has the marks of a thousand networks and more, and no false one', () => {
    assert.match(page, /^\| all +\| +\d{4} \| +\d+ \| +\d+ \| +0 \|/m);
    assert.match(page, /^\| marked, of the target's own answers +\| +\d{4} \| +0 \|/m);
  });

  it('has the numbers of a thousand networks and more', () => {
    assert.match(page, /^\| all +\| +\d{4} \|/m);
    assert.match(page, /^\| certain +\|/m);
  });
});
