/** ICMP errors that refuse a probe: who sent them, and whether they say that the target cannot be found. */
import { sameHost } from '../model/address.ts';
import { saysLost } from '../model/answers.ts';
import type { ColumnEnd, ColumnFacts, MatrixFacts } from './facts.ts';
import type { GroundOf, Refusal } from './verdict.ts';

/** A router that looks for a host asks its network once a second. RFC 4861 section 10: RETRANS_TIMER. */
const LOOKING_MS = 900;

/** The refusal that ended a column. */
export function refusalOf({ ttl, reply }: ColumnEnd, facts: MatrixFacts): Refusal {
  const { matrix, routers, targetHop } = facts;
  const fromTarget = sameHost(reply.responder, matrix.target);
  const seen = fromTarget ? targetHop : routers.get(reply.responder);
  return {
    type: 'refusal',
    reply,
    by: { ttl: seen ?? ttl, address: reply.responder },
    fromTarget,
    isSeen: fromTarget || seen !== undefined,
    isLost:
      !fromTarget &&
      saysLost(reply.kind, matrix.family) &&
      isLastSeen(seen ?? ttl, facts) &&
      facts.refusers.get(reply.responder)?.forbids !== true,
  };
}

/**
 * Tells whether it is no filter that says so: the router has looked for the host first, which takes a second and more, or
 * it says the same to probes of another protocol.
 */
export function isSurelyLost({ reply: { rttMs, responder } }: Refusal, { refusers }: MatrixFacts): boolean {
  return rttMs >= LOOKING_MS || (refusers.get(responder)?.lostProtocols.size ?? 0) > 1;
}

/** Tells whether nobody has answered any column from beyond a hop: neither routers nor the target. */
function isLastSeen(ttl: number, { columns, targetHop }: MatrixFacts): boolean {
  if (targetHop !== undefined) return false;
  return columns.every(({ lastTransit, ending }) => lastTransit <= ttl && ending?.how !== 'arrived');
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
