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

/** Where a responder answered a column. */
interface Sighting {
  /** The least TTL. */
  readonly least: number;
  /** The largest TTL at which it said that something is wrong; 0: at none. */
  readonly lastError: number;
}

type Sightings = ReadonlyMap<Address, Sighting>;

function sightingsIn(column: MatrixColumn): Sightings {
  const sightings = new Map<Address, Sighting>();
  for (const ttl of ttlsOf(column)) {
    for (const reply of repliesAt(column, ttl)) {
      const { least = ttl, lastError = 0 } = sightings.get(reply.responder) ?? {};
      sightings.set(reply.responder, { least, lastError: isError(reply) ? ttl : lastError });
    }
  }
  return sightings;
}

/** Tells whether a responder errs at its own hop, and at no larger TTL. */
function errsAtItsHop({ least, lastError }: Sighting): boolean {
  return lastError === least;
}

/** The routers whose errors at their own hop mean nothing: further on, others have answered the same column. */
function misspeakersOf(target: Address, ofColumns: Iterable<Sightings>): ReadonlySet<Address> {
  const misspeakers = new Set<Address>();
  for (const sightings of ofColumns) {
    for (const [address, sighting] of sightings) {
      if (!errsAtItsHop(sighting) || sameHost(address, target)) continue;
      const isPassed = [...sightings].some(
        ([other, { least }]) => other !== address && least > sighting.least,
      );
      if (isPassed) misspeakers.add(address);
    }
  }
  return misspeakers;
}

/** The matrix with the errors marked that only say that a TTL has ended. */
export function withMisspoken(matrix: Matrix): Matrix {
  const sightings = new Map(matrix.columns.map((column) => [column, sightingsIn(column)]));
  const misspeakers = misspeakersOf(matrix.target, sightings.values());
  if (misspeakers.size === 0) return matrix;
  const columns = [...sightings].map(([column, seen]) => marked(column, seen, misspeakers));
  return { ...matrix, columns };
}

function marked(column: MatrixColumn, sightings: Sightings, misspeakers: ReadonlySet<Address>): MatrixColumn {
  const isMisspoken = (reply: CellReply): boolean => {
    const sighting = sightings.get(reply.responder);
    return isError(reply) && misspeakers.has(reply.responder) && !!sighting && errsAtItsHop(sighting);
  };
  const mark = (attempt: CellReply | null) =>
    attempt && isMisspoken(attempt) ? { ...attempt, isMisspoken: true as const } : attempt;
  const cells = [...column.cells].map(([ttl, attempts]) => [ttl, attempts.map(mark)] as const);
  return { ...column, cells: new Map(cells) };
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
