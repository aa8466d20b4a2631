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
const ROOM = 0x8000;

/**
 * Draws the identities of several traces. Their idents are so far apart that no trace counts up to the next one's.
 * @param ports - for each trace the local port that it sends from, where it has one: that is its ident
 * @param span - the most sequences that any of the traces uses
 * @throws UsageError when so many traces have no room in 16 bits
 */
export function drawIdentities(
  ports: readonly (number | undefined)[],
  span: number,
  machine: Pick<Machine, 'random'>,
): Identity[] {
  const drawn = ports.filter((port) => port === undefined).length;
  if (drawn > 1 && span * drawn > ROOM) {
    throw new UsageError(`${drawn} traces at once: their probes could not be told apart (start fewer)`);
  }
  let ident = drawn === 0 ? 0 : FIRST + machine.random(Math.max(1, ROOM - span * drawn));
  return ports.map((port) => {
    const own = port ?? ident;
    if (port === undefined) ident += span;
    return { ident: own & 0xffff, initialSequence: machine.random(0x1_0000_0000) };
  });
}
