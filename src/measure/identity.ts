/** The numbers by which the probes of one run are known, drawn anew for each run. */
import { UsageError } from '../model/errors.ts';
import type { Machine } from '../ports/machine.ts';

/** The numbers of one trace. */
export interface Identity {
  /** Source port, ICMP identifier or its like. 16 bits. */
  readonly ident: number;
  /** TCP's first sequence number, and what else needs 32 bits. */
  readonly initialSequence: number;
}

/** Below it lie the ports of other programs' traffic, which a raw socket's ident is not to look like. */
const FIRST = 0x8000;

/** The idents that traces may count up over, all together. */
export const IDENT_ROOM = 0x8000;

/**
 * Draws the identities of several traces. Their idents are so far apart that no trace counts up to the next one's.
 * @param ports - for each trace the local port that it sends from, where it has one: that is its ident
 * @param spans - for each trace, or for all of them, the idents that it counts up over, at least 1
 * @throws UsageError when so many traces have no room in 16 bits
 */
export function drawIdentities(
  ports: readonly (number | undefined)[],
  spans: number | readonly number[],
  machine: Pick<Machine, 'random'>,
): Identity[] {
  const spanOf = (index: number): number => (typeof spans === 'number' ? spans : (spans[index] ?? 1));
  const drawn = ports.flatMap((port, index) => (port === undefined ? [spanOf(index)] : []));
  const needed = drawn.reduce((sum, span) => sum + span, 0);
  if (drawn.length > 1 && needed > IDENT_ROOM) {
    throw new UsageError(
      `${drawn.length} traces at once: their probes could not be told apart (start fewer)`,
    );
  }
  let ident = drawn.length === 0 ? 0 : FIRST + machine.random(Math.max(1, IDENT_ROOM - needed));
  return ports.map((port, index) => {
    const own = port ?? ident;
    if (port === undefined) ident += spanOf(index);
    return { ident: own & 0xffff, initialSequence: machine.random(0x1_0000_0000) };
  });
}
