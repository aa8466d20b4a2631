/**
 * Routers that say "unreachable" where they mean time exceeded: mtr shows such hops as reached, and what they refuse passes.
 * A router that refuses what it would pass on says so at each larger TTL too; one that misspeaks, at its own hop alone.
 */
import { sameHost, type Address } from '../model/address.ts';
import { repliesAt, ttlsOf, type CellReply, type Matrix, type MatrixColumn } from './matrix.ts';

/** An error that is not time exceeded. */
function isError({ kind }: CellReply): boolean {
  return kind.type !== 'time-exceeded' && kind.type !== 'answer';
}

/** The least TTLs at which each responder answered a column, and at which it said that something is wrong. */
interface Sighting {
  readonly least: number;
  readonly lastError: number;
}

function sightingsIn(column: MatrixColumn): ReadonlyMap<Address, Sighting> {
  const sightings = new Map<Address, Sighting>();
  for (const ttl of ttlsOf(column)) {
    for (const reply of repliesAt(column, ttl)) {
      const { least = ttl, lastError = 0 } = sightings.get(reply.responder) ?? {};
      sightings.set(reply.responder, { least, lastError: isError(reply) ? ttl : lastError });
    }
  }
  return sightings;
}

/** The routers whose errors at their own hop mean nothing: further on, others have answered the same column. */
function misspeakersOf({ columns, target }: Matrix): ReadonlySet<Address> {
  const misspeakers = new Set<Address>();
  for (const column of columns) {
    const sightings = sightingsIn(column);
    for (const [address, { least, lastError }] of sightings) {
      if (lastError !== least || sameHost(address, target)) continue;
      const isPassed = [...sightings].some(([other, { least: ttl }]) => other !== address && ttl > least);
      if (isPassed) misspeakers.add(address);
    }
  }
  return misspeakers;
}

/** The matrix with the errors marked that only say that a TTL has ended. */
export function withMisspoken(matrix: Matrix): Matrix {
  const misspeakers = misspeakersOf(matrix);
  if (misspeakers.size === 0) return matrix;
  return { ...matrix, columns: matrix.columns.map((column) => marked(column, misspeakers)) };
}

function marked(column: MatrixColumn, misspeakers: ReadonlySet<Address>): MatrixColumn {
  const sightings = sightingsIn(column);
  const isMisspoken = (reply: CellReply): boolean => {
    const sighting = sightings.get(reply.responder);
    return isError(reply) && misspeakers.has(reply.responder) && sighting?.lastError === sighting?.least;
  };
  const mark = (attempt: CellReply | null) =>
    attempt && isMisspoken(attempt) ? { ...attempt, isMisspoken: true as const } : attempt;
  return {
    ...column,
    cells: new Map([...column.cells].map(([ttl, attempts]) => [ttl, attempts.map(mark)])),
  };
}

/** A router that says that something is wrong at its own hop, and passes the probes on. */
export interface Misspeaker {
  readonly ttl: number;
  readonly reply: CellReply;
}

/** Lists each router that misspeaks once, at the least hop and with the first error. */
export function misspeakersIn({ columns }: Matrix): readonly Misspeaker[] {
  const found = new Map<Address, Misspeaker>();
  for (const column of columns) {
    for (const ttl of ttlsOf(column)) {
      for (const reply of repliesAt(column, ttl)) {
        const known = found.get(reply.responder);
        if (reply.isMisspoken && (!known || ttl < known.ttl)) found.set(reply.responder, { ttl, reply });
      }
    }
  }
  return [...found.values()].sort((a, b) => a.ttl - b.ttl);
}
