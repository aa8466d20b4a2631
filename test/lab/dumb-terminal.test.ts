/** Covers a matrix on real terminals: one that is dumb, and one that is not. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PathFormat } from '../sim/path-format.ts';
import { labMissing, openLab, type Lab } from './lab.ts';

const TRACEROUTE = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
const PATH: PathFormat = {
  src: '10.0.0.1',
  hops: [{ addr: '10.1.0.1', delay: 1 }],
  dst: { addr: '10.99.0.1', delay: 300 },
};

describe('a matrix on a terminal', { skip: labMissing() ?? false }, () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
    await lab.take(PATH);
  });
  after(() => {
    lab.close();
  });

  async function screen(TERM: string): Promise<string> {
    const command = `${process.execPath} ${TRACEROUTE} -n --matrix icmp,udp/53 10.99.0.1`;
    // script(1) gives the command a terminal of its own
    const { stdout } = await lab.run('script', ['-qec', command, '/dev/null'], {
      env: { TERM, NO_COLOR: '' },
    });
    assert.match(stdout, /10\.99\.0\.1/);
    return stdout;
  }

  it('has no control sequence where TERM is dumb', async () => {
    assert.ok(!(await screen('dumb')).includes('\u001b'));
  });

  it('has colours and is redrawn where it is not', async () => {
    const text = await screen('xterm');
    assert.ok(text.includes('\u001b[32m'));
    assert.match(text, /\u001b\[\d+F/);
  });
});
