/** Answers that take turns. */
import type { Family } from '../../../src/model/address.ts';
import { unreachable, type IcmpErrorKind } from '../icmp-error.ts';
import type { Turn } from '../path-format.ts';
import type { PathState } from '../path-state.ts';

/** Takes the next turn of a sequence; 'te' where there is none. `whose` tells sequences of one path apart. */
export function nextTurn({ answered }: PathState, whose: string, turns: readonly Turn[] = []): Turn {
  if (turns.length === 0) return 'te';
  const count = answered.get(whose) ?? 0;
  answered.set(whose, count + 1);
  return turns[count % turns.length] ?? 'te';
}

/** The ICMP error that a turn stands for; undefined where it is no error of its own. */
export function errorOfTurn(turn: Turn, family: Family): IcmpErrorKind | undefined {
  if (typeof turn === 'number') return unreachable(family, turn);
  return typeof turn === 'string' ? undefined : { type: turn[0], code: turn[1], rest: 0 };
}
