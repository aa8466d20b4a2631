/** Runs the matrix over a network, in virtual time. */
import { main } from '../../../src/main.ts';
import { dropInBursts, withFault } from '../../sim/faults.ts';
import { seededRandom } from '../../sim/random.ts';
import { SimWorld } from '../../sim/sim-world.ts';
import { TARGET } from './draft.ts';
import type { JsonVerdict } from './judgement.ts';
import type { Network } from './network.ts';

/** What a run gave. */
export interface Run {
  readonly verdicts: readonly JsonVerdict[];
  /** Datagrams that were sent. */
  readonly sent: number;
  /** Virtual time that it took. */
  readonly tookMs: number;
}

/** The command line for a network, without the command. */
export function argvOf({ family, typed, options, length }: Network): readonly string[] {
  const packet = length === undefined ? [] : [String(length)];
  return ['-n', ...options, '--json', '--matrix', typed.text, TARGET[family], ...packet];
}

/**
 * Runs the command.
 * @throws Error when it prints no document
 */
export async function runOver(network: Network): Promise<Run> {
  const { path, loss, seed } = network;
  const random = seededRandom(seed + 1);
  const world = new SimWorld(path, {
    seed,
    wrap: (transport, clock) =>
      loss ? withFault(transport, clock, dropInBursts(random, loss.share, loss.length)) : transport,
  });
  await world.clock.run(main('traceroute', 'traceroute', [...argvOf(network)], world));
  return {
    verdicts: verdictsIn(network, world.out, world.err),
    sent: world.transport?.sent.length ?? 0,
    tookMs: world.clock.nowMs(),
  };
}

/**
 * Reads the verdicts that a run over a network printed.
 * @throws Error when it printed no document
 */
export function verdictsIn({ seed, kind }: Network, out: string, err: string): readonly JsonVerdict[] {
  if (out === '') throw new Error(`seed ${seed}, ${kind}: ${err}`);
  const { matrix } = JSON.parse(out) as { matrix: { verdicts: JsonVerdict[] } }; // what --json prints
  return matrix.verdicts;
}
