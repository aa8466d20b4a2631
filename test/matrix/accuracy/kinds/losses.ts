/** Networks that lose, and whose times waver. */
import type { Kind } from '../draft.ts';
import { eachHop } from './routers.ts';

const MOST_LOSS = 0.2;
const MOST_LOSS_ON_THE_WAY = 0.1;

/** Nothing is wrong. */
export const clean: Kind = (draft) => draft;

/** Replies get lost one by one, and routers lose some of what passes. */
export const lossy: Kind = (draft, draw) => {
  const loss = { share: draw.random() * MOST_LOSS, length: 1 };
  const ttl = draw.int(0, draft.path.hops.length - 1);
  const lose = draw.random() * MOST_LOSS_ON_THE_WAY;
  const lossyPath = eachHop(draft, (hop, index) => (index === ttl ? { ...hop, lose } : hop));
  return { ...lossyPath, loss };
};

/** Replies get lost several in a row. */
export const bursty: Kind = (draft, draw) => ({
  ...draft,
  loss: { share: draw.random() * MOST_LOSS, length: draw.int(2, 12) },
});

/** Times waver by more than a link takes. */
export const jittery: Kind = (draft, draw) =>
  eachHop(draft, (hop) => ({ ...hop, jitter: draw.random() * 60 }));
