/** Covers docs/matrix-accuracy.md: its kinds are those that are drawn. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KINDS } from '../matrix/accuracy/kinds/index.ts';
import { documentText } from './markdown.ts';

const page = documentText('docs/matrix-accuracy.md');

describe('docs/matrix-accuracy.md', () => {
  it('has a row for each kind of network, and no other', () => {
    const [, section = ''] = page.split('## The kinds\n');
    const rows = [...section.matchAll(/^\| `([\w-]+)` /gm)].map(([, kind]) => kind);
    assert.deepEqual(rows, Object.keys(KINDS));
    assert.ok(page.includes(`${rows.length} kinds`), 'it counts them');
  });

  it('has the numbers of a thousand networks and more', () => {
    assert.match(page, /^\| all +\| +\d{4} \|/m);
    assert.match(page, /^\| certain +\|/m);
  });
});
