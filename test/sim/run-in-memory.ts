/** Runs a recorded case over the simulated network. */
import { main } from '../../src/main.ts';
import type { Run } from './compare-run.ts';
import type { RecordedCase } from './recorded.ts';
import { SimWorld } from './sim-world.ts';

/** Runs the case's command in virtual time, and gives all that it gave back. */
export async function runInMemory({ dialect, argv, topo }: RecordedCase): Promise<Run> {
  const world = new SimWorld(topo);
  const status = await world.clock.run(main(dialect, dialect, argv, world));
  return { stdout: world.out, stderr: world.err, status, probes: world.transport?.probes ?? [] };
}
