import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PATH, tcptraceroute, traceroute } from '../dialects/run-command.ts';

const TARGET = PATH.dst.addr;

/** The document that a command printed. */
async function documentOf(run: ReturnType<typeof traceroute>): Promise<unknown> {
  const { out, status } = await run;
  assert.equal(status, 0);
  return JSON.parse(out) as unknown; // our own output, compared below
}

/** A probe that a hop of the simulated path answered. */
const answered = (from: string, rttMs: number, ttl: number, others: object = {}) => ({
  from,
  fromTarget: from === TARGET,
  ttl,
  rttMs,
  precision: 'user',
  annotation: '',
  ...others,
});

describe('one trace as a JSON document', () => {
  it('the document has the target, the source, the options, each probe and the reason of the end', async () => {
    const hops = [PATH.hops[0], { addr: '10.2.0.1', silent: true }];
    const run = tcptraceroute(`--json -n -q1 -w1 -p 4321 ${TARGET} 80`, { path: { ...PATH, hops } });
    assert.deepEqual(await documentOf(run), {
      trace: {
        target: { name: TARGET, address: TARGET },
        source: { address: '10.0.0.1', device: 'tun0', port: 4321 },
        options: { probe: 'tcp', port: 80, transport: 'simulated', maxTtl: 30, attempts: 1, length: 40 },
        hops: [
          { ttl: 1, probes: [answered('10.1.0.1', 4, 255)] },
          { ttl: 2, probes: [null] },
          { ttl: 3, probes: [answered(TARGET, 12, 62, { tcp: 'open' })] },
        ],
        doubts: [],
        contradicted: false,
        stop: 'reached',
      },
    });
  });

  for (const [command, letters] of [
    ['traceroute', '!X'],
    ['tcptraceroute', '!A'],
  ] as const) {
    it(`the document of ${command} has ${letters} for code 13`, async () => {
      const hops = [{ addr: '10.1.0.1', delay: 4, code: 13 }];
      const run = { traceroute, tcptraceroute }[command];
      const document = await documentOf(run(`--json -n -q1 ${TARGET}`, { path: { ...PATH, hops } }));
      assert.match(JSON.stringify(document), new RegExp(`"annotation":"${letters}"`));
    });
  }
});
