/** How many idents each column of a matrix takes up: 16 bits have to do for all. */
import { probeCount } from '../../engine/schedule-plan.ts';
import type { ProbeType } from '../../engine/probe-type.ts';
import { UsageError } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import { MAX_SEQUENCE } from '../../wire/codes.ts';
import { IDENT_ROOM } from '../idents.ts';
import { countsUp } from '../identity.ts';

/** Idents of a column that counts up: room for its first pass and for all that may be asked again. */
const WIDE_SPAN = 0x400;

/** The idents that a column may use, and with them the sequences that it may send. */
export interface Span {
  readonly idents: number;
  readonly sequences: number;
}

/** What decides of a column's span: the plan with its probe, and the kind of that. */
interface SpanColumn {
  readonly plan: Plan;
  readonly type: ProbeType;
}

/**
 * The span of each column. Most keep their ident for a whole flow, and need no second one. Those that count up in it share
 * the room that is left, evenly: the more there are, the less may be asked again.
 * @param option - the option that names the columns, for messages
 * @throws UsageError when there is no room for the first pass of each
 */
export function spansOf(columns: readonly SpanColumn[], option: string): readonly Span[] {
  const counting = columns.map(({ plan, type }) => !hasPort(plan, type) && countsUp(plan, type, true));
  const count = counting.filter(Boolean).length;
  const room = IDENT_ROOM - (columns.length - count);
  const [first] = columns;
  const least = first ? probeCount(first.plan) + 1 : 1; // sequences begin with 1
  const idents = Math.min(Math.max(WIDE_SPAN, least), Math.floor(room / Math.max(1, count)));
  if (first && count > 1 && idents < least) {
    throw new UsageError(
      `${option}: ${count} columns of ${probeCount(first.plan)} probes each could not be told apart (name fewer probes or flows, or a smaller largest TTL)`,
    );
  }
  return counting.map((counts) =>
    counts ? { idents, sequences: idents - 1 } : { idents: 1, sequences: MAX_SEQUENCE },
  );
}

/** Its ident is a port of its own, which the system keeps for it. */
function hasPort({ probe }: Plan, { reservedPort }: ProbeType): boolean {
  return reservedPort !== undefined && !probe.portPerProbe;
}
