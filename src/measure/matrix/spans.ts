/** How many idents each column of a matrix takes up: 16 bits have to do for all. */
import { probeCount } from '../../engine/schedule-plan.ts';
import type { ProbeType } from '../../engine/probe-type.ts';
import type { Family } from '../../model/address.ts';
import { UsageError } from '../../model/errors.ts';
import type { Plan, ProbeRequest } from '../../model/plan.ts';
import { uint16At } from '../../wire/bytes.ts';
import { MAX_SEQUENCE } from '../../wire/codes.ts';
import { IDENT_ROOM } from '../identity.ts';
import { flowOf } from '../trace-spec.ts';

/** Idents of a column that counts up: room for its first pass and for all that may be asked again. */
const WIDE_SPAN = 0x400;
const ANY_IDENTITY = { ident: 0x8000, initialSequence: 0 } as const;
const ADDRESS = { 4: '0.0.0.0', 6: '::' } as const;

/** The idents that a column may use, and with them the sequences that it may send. */
export interface Span {
  readonly idents: number;
  readonly sequences: number;
}

/** What decides of a column's span. */
interface SpanColumn {
  readonly request: ProbeRequest;
  readonly type: ProbeType;
  /** It sends from a port of its own, which is its ident. */
  readonly hasPort: boolean;
}

/**
 * The span of each column. Most keep their ident for a whole flow, and need no second one. Those that count up in it share
 * the room that is left, evenly: the more there are, the less may be asked again.
 * @throws UsageError when there is no room for the first pass of each
 */
export function spansOf(columns: readonly SpanColumn[], plan: Plan, family: Family): readonly Span[] {
  const counting = columns.map((column) => !column.hasPort && countsUp(column, plan, family));
  const count = counting.filter(Boolean).length;
  const room = IDENT_ROOM - (columns.length - count);
  const idents = Math.min(Math.max(WIDE_SPAN, spanOfOne(plan)), Math.floor(room / Math.max(1, count)));
  if (count > 1 && idents < spanOfOne(plan)) {
    throw new UsageError(
      `--matrix: ${count} columns of ${probeCount(plan)} probes each could not be told apart (name fewer probes or flows, or a smaller largest TTL)`,
    );
  }
  return counting.map((counts) =>
    counts ? { idents, sequences: idents - 1 } : { idents: 1, sequences: MAX_SEQUENCE },
  );
}

/** The idents of a column that is asked nothing again: sequences begin with 1. */
function spanOfOne(plan: Plan): number {
  return probeCount(plan) + 1;
}

/** Tells whether the probes of a column differ where its ident stands. */
function countsUp({ request, type }: SpanColumn, { checksums }: Plan, family: Family): boolean {
  const at = type.identOffset?.probe;
  if (at === undefined) return false;
  const paris = type.parisFamilies?.includes(family) ?? false;
  const anywhere = { family, source: ADDRESS[family], target: ADDRESS[family] };
  const flow = { ...flowOf({ probe: request, checksums }, type, anywhere, ANY_IDENTITY), paris };
  const identOf = (sequence: number): number => {
    const octets = type.build({ ttl: 1, attempt: 0, sequence }, flow, new Uint8Array(type.headerLength));
    return uint16At(octets, at);
  };
  return identOf(1) !== identOf(2);
}
