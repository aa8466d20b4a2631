/** Covers docs/path-format.md: it has a row for each key of the simulated network and the recorded cases, and no other. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import ts from 'typescript';
import type { PathFormat } from '../sim/path-format.ts';
import { traceroute } from '../dialects/run-command.ts';
import { codeBlocks, documentText } from './markdown.ts';

const page = documentText('docs/path-format.md');
/** The files whose types the page describes, and the interfaces among them; all of them where none is named. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  'test/sim/path-format.ts': [],
  'test/sim/recorded.ts': ['RecordedCase'],
  'test/sim/record-probe.ts': ['RecordedProbe'],
};

/** The names of all members below a node, those of types within types too. */
function memberNames(node: ts.Node): string[] {
  const own = ts.isPropertySignature(node) && ts.isIdentifier(node.name) ? [node.name.text] : [];
  const below: string[] = [];
  node.forEachChild((child) => {
    below.push(...memberNames(child));
  });
  return [...own, ...below];
}

/** The keys that the interfaces of a file have. */
function keysOf(path: string, interfaces: readonly string[]): string[] {
  const file = ts.createSourceFile(path, documentText(path), ts.ScriptTarget.ES2023);
  const described = file.statements.filter(
    (statement) =>
      interfaces.length === 0 ||
      (ts.isInterfaceDeclaration(statement) && interfaces.includes(statement.name.text)),
  );
  return described.flatMap(memberNames);
}

const typed = new Set(Object.entries(TYPES).flatMap(([path, interfaces]) => keysOf(path, interfaces)));
const rows = new Set([...page.matchAll(/^\| `(\w+)` /gm)].map(([, key = '']) => key));

describe('docs/path-format.md', () => {
  it('has a row for each key of the types', () => {
    assert.ok(typed.has('hops') && typed.has('bucket') && typed.has('l4sum_ok'), 'the types are read');
    const missing = [...typed].filter((key) => !rows.has(key));
    assert.deepEqual(missing, [], `keys without a row: ${missing.join(', ')}`);
  });

  it('has no row for a key that no type has', () => {
    const unknown = [...rows].filter((key) => !typed.has(key));
    assert.deepEqual(unknown, [], `rows without a key: ${unknown.join(', ')}`);
  });

  it('shows paths that can be played', async () => {
    const blocks = codeBlocks(page, 'json');
    assert.ok(blocks.length > 0);
    for (const block of blocks) {
      const path = JSON.parse(block) as PathFormat; // what the page says it is
      const { out } = await traceroute(`-nq1 ${path.dst.addr}`, { path });
      assert.match(out, new RegExp(`^ *\\d+  ${path.dst.addr} `, 'm'));
    }
  });
});
