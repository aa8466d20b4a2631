/** Holds the transcripts of docs/firewall-debugging.md to what the command prints over kernel routers. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { codeBlocks, documentText } from '../docs/markdown.ts';
import { firewallCases } from './firewall-cases.ts';
import { labMissing } from './lab.ts';
import { openRouters, type Routers } from './routers.ts';

const SCRIPT = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));

/** Replaces what differs from run to run: round-trip times and the room around them, dates, local ports. */
function normalised(text: string): string {
  return text
    .replace(/(?<=\s)\d+\.\d(?=\s|$)/g, '<rtt>')
    .replace(/\d{4}-\d{2}-\d{2}T[\d:]+Z/g, '<date>')
    .replace(/(from \S+) port \d+/g, '$1 port <port>')
    .replace(/\s+/g, ' ')
    .trim();
}

describe('docs/firewall-debugging.md', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(async () => {
    routers = openRouters();
    await routers.listen(443);
  });
  afterEach(() => {
    for (const node of ['r2', 'r3']) routers.nft(node, 'flush ruleset');
  });
  after(() => {
    routers.close();
  });

  const transcripts = codeBlocks(documentText('docs/firewall-debugging.md'), 'console');

  it('shows a run for each case', () => {
    assert.equal(transcripts.length, firewallCases.length);
  });

  for (const [index, firewall] of firewallCases.entries()) {
    it(`shows what the command prints behind ${firewall.name}`, async () => {
      const args = firewall.argv.map((word) => (word === 'TARGET' ? routers.destination[4] : word));
      const undo = await firewall.prepare?.(routers);
      routers.nft(firewall.node, firewall.rules);
      const { stdout } = await routers.exec('src', process.execPath, [SCRIPT, ...args]);
      undo?.();
      const shown = `$ traceroute ${args.join(' ')}\n${stdout}`;
      assert.equal(normalised(shown), normalised(transcripts[index] ?? ''));
    });
  }
});
