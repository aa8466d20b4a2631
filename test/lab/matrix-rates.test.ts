/** Covers --matrix over kernel routers that limit rates: of their own errors, as Linux does, and of what they let pass. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { labMissing } from './lab.ts';
import { openRouters, type Routers } from './routers.ts';

const SCRIPT = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
/** What Linux comes with. */
const DEFAULTS = [
  'net.ipv4.icmp_ratemask=6168',
  'net.ipv4.icmp_ratelimit=1000',
  'net.ipv4.icmp_msgs_per_sec=1000',
  'net.ipv4.icmp_msgs_burst=50',
  'net.ipv6.icmp.ratelimit=1000',
];
const NODES = ['src', 'r1', 'r2', 'r3', 'r4', 'dst'];
const OPEN_PORT = 443;

function forwarding(...rules: readonly string[]): string {
  return `table inet filter {
    chain forward {
      type filter hook forward priority 0; policy accept
      ${rules.join('\n')}
    }
  }
`;
}

/** Runs a test over a chain of its own, in which no other uses up what the routers answer. */
async function overRouters(test: (routers: Routers) => Promise<void>): Promise<void> {
  const routers = openRouters(4);
  try {
    await routers.listen(OPEN_PORT);
    for (const node of NODES) await routers.exec(node, 'sysctl', ['-qw', ...DEFAULTS]);
    await test(routers);
  } finally {
    routers.close();
  }
}

/** The probes of a matrix by their state. */
async function byState(
  routers: Routers,
  probes: string,
  family: 4 | 6 = 4,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const argv = [SCRIPT, '-n', '--json', '--matrix', probes, routers.destination[family]];
  const { stdout, stderr } = await routers.exec('src', process.execPath, argv);
  assert.equal(stderr, '');
  const { matrix } = JSON.parse(stdout) as {
    matrix: { verdicts: readonly { probe: string; state: string }[] };
  }; // by formats/matrix-json.ts
  const states = new Map<string, string[]>();
  for (const { probe, state } of matrix.verdicts) states.set(state, [...(states.get(state) ?? []), probe]);
  return states;
}

// side by side, for most of the time of each is waiting
describe(
  'a matrix over kernel routers with the rate limits of Linux',
  { skip: labMissing() ?? false, concurrency: true },
  () => {
    for (const family of [4, 6] as const) {
      it(`has all fifteen columns refused that one rule refuses, over IPv${family}`, () =>
        overRouters(async (routers) => {
          routers.nft('r3', forwarding('tcp dport 20-34 reject with icmpx type admin-prohibited'));
          const states = await byState(routers, 'icmp,tcp/20-34,tcp/443', family);
          assert.deepEqual(states.get('reached'), ['icmp']);
          assert.deepEqual(states.get('open'), ['tcp/443']);
          assert.equal(states.get('rejected')?.length, 15);
        }));
    }

    it('tells what is dropped from what is refused', () =>
      overRouters(async (routers) => {
        const refused = 'tcp dport 20-24 reject with icmpx type admin-prohibited';
        routers.nft('r3', forwarding(refused, 'tcp dport 80-82 drop'));
        const states = await byState(routers, 'icmp,tcp/20-24,tcp/80-82,tcp/443');
        assert.equal(states.get('rejected')?.length, 5);
        assert.deepEqual(states.get('dropped'), ['tcp/80', 'tcp/81', 'tcp/82']);
      }));

    it('finds ports open behind a policer of SYNs', () =>
      overRouters(async (routers) => {
        for (const node of NODES) await routers.exec(node, 'sysctl', ['-qw', 'net.ipv4.icmp_ratelimit=0']);
        const syn = 'tcp flags & (syn | ack) == syn';
        routers.nft('r2', forwarding(`${syn} limit rate over 1/second burst 3 packets drop`));
        const states = await byState(routers, 'icmp,udp,tcp/443,tcp/80,tcp/22');
        assert.deepEqual(states.get('open'), ['tcp/443']);
        assert.deepEqual(states.get('closed'), ['udp', 'tcp/80', 'tcp/22']);
      }));
  },
);
