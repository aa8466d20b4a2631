/** Collects what happens to the probes of a matrix. */
import type { Address, Family } from '../../model/address.ts';
import type { TransportError } from '../../model/errors.ts';
import type { CellAttempt, CellReply, ColumnProbe, Matrix, MatrixColumn } from '../../verdict/matrix.ts';
import { given } from '../../model/given.ts';
import type { Policer } from '../../verdict/policer.ts';
import type { Probe } from '../../model/probe.ts';
import type { Reply } from '../../model/reply.ts';
import { cellReply } from './cell-reply.ts';

/** The place of a probe in its column. */
interface Place {
  readonly ttl: number;
  readonly attempt: number;
  readonly index: number;
}

/** The replies of one column so far. */
export class ColumnRecord {
  readonly probe: ColumnProbe;
  /** By trace, then by sequence: each trace of a column counts from 1. */
  readonly #sent = new Map<object, Map<number, Place>>();
  readonly #cells = new Map<number, CellAttempt[]>();
  readonly #anonymous: CellReply[] = [];
  #refusedHere: TransportError | undefined;
  #likelyRefusedAs: string | undefined;
  #policer: Policer | undefined;
  #isUnfinished: true | undefined;

  constructor(probe: ColumnProbe) {
    this.probe = probe;
  }

  /** Notes a probe that has left. @param trace - the one that sent it */
  sent(trace: object, probe: Probe): void {
    const { ttl, attempt, sequence } = probe;
    const cell = this.#cells.get(ttl) ?? [];
    const sent = this.#sent.get(trace) ?? new Map<number, Place>();
    // what is repeated because its connection kept it from an answer takes the place of the first sending
    const first = probe.repeats === undefined ? undefined : placeOf(sent, probe);
    sent.set(sequence, first ?? { ttl, attempt, index: cell.length });
    this.#sent.set(trace, sent);
    if (!first) this.#cells.set(ttl, [...cell, null]);
  }

  /** Notes that the system refused a probe. */
  refused(error: TransportError): void {
    this.#refusedHere ??= error;
  }

  /** True once the system has refused a probe. */
  get isRefused(): boolean {
    return this.#refusedHere !== undefined;
  }

  replied(trace: object, { sequence }: Probe, reply: Reply, rttMs: number): void {
    const sent = this.#sent.get(trace)?.get(sequence);
    const cell = sent && this.#cells.get(sent.ttl);
    if (cell) cell[sent.index] = cellReply(reply, rttMs);
  }

  /** Notes an answer that names no probe and so has no round-trip time. */
  answered(reply: Reply): void {
    this.#anonymous.push(cellReply(reply, NaN));
  }

  /** Notes the column whose refusal this one may share; undefined for none. */
  likelyRefusedAs(column: MatrixColumn | undefined): void {
    this.#likelyRefusedAs = column?.name;
  }

  /** Notes the policer that has held it up; undefined for none. */
  heldUpBy(policer: Policer | undefined): void {
    this.#policer = policer;
  }

  /** Notes that the run ends before it is settled. */
  unfinished(): void {
    this.#isUnfinished = true;
  }

  column(): MatrixColumn {
    const refusedHere = this.#cells.size === 0 ? this.#refusedHere : undefined;
    return {
      ...this.probe,
      cells: this.#cells,
      anonymous: this.#anonymous,
      ...given({
        likelyRefusedAs: this.#likelyRefusedAs,
        policedBefore: this.#policer?.before,
        isUnfinished: this.#isUnfinished,
        refusedHere,
      }),
    };
  }
}

/** The place of the probe of this TTL and attempt, if it was sent before. */
function placeOf(sent: ReadonlyMap<number, Place>, { ttl, attempt }: Probe): Place | undefined {
  for (const place of sent.values()) if (place.ttl === ttl && place.attempt === attempt) return place;
  return undefined;
}

/** The matrix as it is now. */
export function matrixOf(records: readonly ColumnRecord[], family: Family, target: Address): Matrix {
  return { family, target, columns: records.map((record) => record.column()) };
}
