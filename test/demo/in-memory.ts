/** Makes the runs of the README and the demonstration over the simulated network. */
import { main } from '../../src/main.ts';
import { normalise } from '../sim/normalise.ts';
import { SimWorld } from '../sim/sim-world.ts';
import { shop, type CommandLine } from './transcripts.ts';

/** A world whose two output streams are one terminal. */
class TerminalWorld extends SimWorld {
  screen = '';

  override stdout(text: string): void {
    this.screen += text;
  }

  override stderr(text: string): void {
    this.screen += text;
  }
}

/** Answers what a terminal shows of the run, normalised. Make one run at a time: virtual clocks would wait for each other. */
export async function screenOf({ dialect, argv }: CommandLine): Promise<string> {
  const world = new TerminalWorld(shop);
  await world.clock.run(main(dialect, dialect, argv, world));
  return normalise(world.screen);
}
