/** ICMP errors that refuse a probe: who sent them, and whether they say that the target cannot be found. */
import { sameHost } from '../model/address.ts';
import { saysLost } from '../model/answers.ts';
import type { ColumnEnd, ColumnFacts, MatrixFacts } from './facts.ts';
import type { GroundOf, Refusal } from './verdict.ts';

/** The refusal that ended a column. */
export function refusalOf({ ttl, reply }: ColumnEnd, { matrix, routers, targetHop }: MatrixFacts): Refusal {
  const fromTarget = sameHost(reply.responder, matrix.target);
  const seen = fromTarget ? targetHop : routers.get(reply.responder);
  return {
    type: 'refusal',
    reply,
    by: { ttl: seen ?? ttl, address: reply.responder },
    fromTarget,
    isSeen: fromTarget || seen !== undefined,
    isLost: !fromTarget && targetHop === undefined && saysLost(reply.kind, matrix.family),
  };
}

/**
 * Another column than this, which was told that the target cannot be found. Routers limit the rate of such errors, so that
 * not every column gets its own.
 */
export function lostBeside(except: ColumnFacts, facts: MatrixFacts): Pick<GroundOf<'dark'>, 'lost'> {
  for (const { column, ending } of facts.columns) {
    if (column === except.column || ending?.how !== 'rejected') continue;
    const refusal = refusalOf(ending, facts);
    if (refusal.isLost) return { lost: { column, refusal } };
  }
  return {};
}
