/** What networks have besides their kind: routers that are silent, picky, limited or balanced, another filter, loss. */
import type { HopFormat } from '../../sim/path-format.ts';
import { anyHop, anyMatcher, atHop, type Draft } from './draft.ts';
import type { Draw } from './draw.ts';
import { LINUX_BUCKET } from './kinds/filters.ts';
import { eachHop, pickiness } from './kinds/routers.ts';

/** Of a network's routers, how many are odd, each in its own way. */
interface Shares {
  readonly silent: number;
  readonly picky: number;
  readonly limited: number;
  readonly lossy: number;
  readonly balanced: number;
  readonly jitter: number;
}

const MOST_LOSS = 0.1;

/** Adds to a chain what is drawn. Half of all networks get little more than their kind. */
export function withExtras(draft: Draft, draw: Draw): Draft {
  const often = draw.chance(0.5) ? 0.2 : 1;
  const shares: Shares = {
    silent: often * draw.one([0, 0.1, 0.3]),
    picky: often * draw.one([0, 0, 0.15]),
    limited: often * draw.one([0, 0.3, 1]),
    lossy: often * draw.one([0, 0, 0.2]),
    balanced: often * draw.one([0, 0.2]),
    jitter: often * draw.one([0, 0, 20]),
  };
  const odd = eachHop(draft, (hop, index) => oddHop(hop, index + 1, shares, draw));
  const filtered = draw.chance(0.15) ? atHop(odd, anyHop(odd, draw), { drop: anyMatcher(odd, draw) }) : odd;
  const share = draw.chance(0.2 * often) ? draw.random() * MOST_LOSS : 0;
  return share === 0 ? filtered : { ...filtered, loss: { share, length: draw.int(1, 4) } };
}

function oddHop(hop: HopFormat, ttl: number, shares: Shares, draw: Draw): HopFormat {
  const more = [2, 3];
  return {
    ...hop,
    ...(draw.chance(shares.silent) ? { silent: true } : {}),
    ...(draw.chance(shares.picky) ? pickiness(draw) : {}),
    ...(draw.chance(shares.limited) ? { bucket: LINUX_BUCKET } : {}),
    ...(draw.chance(shares.lossy) ? { loss: draw.random() * MOST_LOSS } : {}),
    ...(draw.chance(shares.balanced)
      ? {
          addr: [hop.addr, ...more.map((last) => `10.${ttl}.0.${last}`)].flat(),
          addr6: [hop.addr6 ?? [], ...more.map((last) => `fd10:${ttl}::${last}`)].flat(),
        }
      : {}),
    ...(shares.jitter > 0 ? { jitter: draw.random() * shares.jitter } : {}),
  };
}
