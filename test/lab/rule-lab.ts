/** A router that drops all that no rule lets pass, and matrices through it. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { Family } from '../../src/model/address.ts';
import type { Routers } from './routers.ts';

const SCRIPT = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
/** The hop of the router that drops. */
export const FILTER_HOP = 2;
const FILTER = `r${FILTER_HOP}`;
/** One probe for each hop, and no second try: what is dropped is dropped. */
const ONCE = ['-q', '1', '-w', '0.6'];

/** A verdict as --json has it. */
export interface JsonVerdict {
  readonly probe: string;
  readonly state: string;
  readonly after: { readonly ttl: number } | null;
  readonly rules: { readonly nft: string } | null;
}

/** Has the router drop all else than what the rules let pass. */
export function dropAllBut(routers: Routers, rules: readonly string[]): void {
  routers.nft(FILTER, 'flush ruleset');
  routers.nft(
    FILTER,
    `table inet filter {
  chain forward {
    type filter hook forward priority 0; policy drop
    ${rules.join('\n    ')}
  }
}
`,
  );
}

/** Runs a matrix from src to dst, with one probe for each hop. */
export async function verdictsOn(
  routers: Routers,
  family: Family,
  specs: readonly string[],
  ...more: readonly string[]
): Promise<readonly JsonVerdict[]> {
  const options = ['-n', '-m', '5', '--json', ...ONCE, ...more];
  const argv = [SCRIPT, ...options, '--matrix', specs.join(), routers.destination[family]];
  const { stdout, stderr } = await routers.exec('src', process.execPath, argv);
  assert.equal(stderr, '');
  return (JSON.parse(stdout) as { matrix: { verdicts: readonly JsonVerdict[] } }).matrix.verdicts; // what it prints
}

/** The rules that a matrix tells behind a router that drops everything, in the order of the probes. */
export async function rulesFor(
  routers: Routers,
  family: Family,
  specs: readonly string[],
): Promise<readonly string[]> {
  dropAllBut(routers, []);
  const verdicts = await verdictsOn(routers, family, specs);
  return verdicts.map(({ probe, after, rules }) => {
    assert.equal(after?.ttl, FILTER_HOP, `${probe} is dropped`);
    return rules?.nft ?? assert.fail(`no rule for ${probe}`);
  });
}

/** The counts of the rules that count, in their order. */
export function countsOf(routers: Routers): readonly number[] {
  return [...routers.rules(FILTER).matchAll(/counter packets (\d+)/g)].map(([, count]) => Number(count));
}
