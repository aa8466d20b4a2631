/** The network of a seed. */
import { seededRandom } from '../../sim/random.ts';
import { drawColumns } from './columns.ts';
import { Draw } from './draw.ts';
import { drawChain, type Draft } from './draft.ts';
import { withExtras } from './extras.ts';
import { KINDS } from './kinds/index.ts';

/** A network, drawn. */
export interface Network extends Draft {
  readonly seed: number;
  readonly kind: string;
}

/** All kinds, each as often as it weighs. */
const DRAWN = Object.entries(KINDS).flatMap(([name, { weight }]) =>
  Array.from({ length: weight }, () => name),
);
/** Draws of neighbouring seeds are to have nothing in common. */
const SEED_FACTOR = 0x9e37_79b1;

/** The draws of a seed. */
export function drawOf(seed: number): Draw {
  return new Draw(seededRandom(Math.imul(seed, SEED_FACTOR)));
}

/**
 * Draws a network.
 * @param kind - its kind, one of `KINDS`; a drawn one unless given
 * @throws Error when there is no such kind
 */
export function networkOf(seed: number, kind?: string): Network {
  const draw = drawOf(seed);
  const drawn = draw.one(DRAWN);
  const name = kind ?? drawn;
  const known = KINDS[name];
  if (!known) throw new Error(`no such kind of network: ${name} (one of ${Object.keys(KINDS).join(', ')})`);
  const chain = drawChain(draw, drawColumns(draw));
  const isPlain = name === 'clean';
  return { ...known.kind(isPlain ? chain : withExtras(chain, draw), draw), seed, kind: name };
}
