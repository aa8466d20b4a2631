/** What each router has said in its errors, to whatever column. */
import type { Address } from '../model/address.ts';
import { isNaturalAnswer, saysLost } from '../model/answers.ts';
import { isTransit, repliesAt, ttlsOf, type Matrix } from './matrix.ts';

/** A router that has refused probes. */
export interface Refuser {
  /** It has refused one with a word of filters: then it may say "host unreachable" as one too. */
  readonly forbids: boolean;
  /** The protocols of the probes that it has told that the host cannot be found. */
  readonly lostProtocols: ReadonlySet<number>;
}

export function refusersOf({ columns, family }: Matrix): ReadonlyMap<Address, Refuser> {
  const refusers = new Map<Address, { forbids: boolean; lostProtocols: Set<number> }>();
  for (const column of columns) {
    for (const reply of ttlsOf(column).flatMap((ttl) => repliesAt(column, ttl))) {
      if (reply.kind.type === 'answer' || isTransit(reply)) continue;
      const refuser = refusers.get(reply.responder) ?? { forbids: false, lostProtocols: new Set() };
      if (saysLost(reply.kind, family)) refuser.lostProtocols.add(column.protocol);
      else refuser.forbids ||= !isNaturalAnswer(reply.kind, column.traits, family);
      refusers.set(reply.responder, refuser);
    }
  }
  return refusers;
}
