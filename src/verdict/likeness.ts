/** Compares answers in the target's name with each other: by time, arrival TTL, and the marks of their system. */
import { sameHost, type Address } from '../model/address.ts';
import { isFromBehind, isShorter, routersBack } from '../model/arrival.ts';
import type { StackMarks } from '../model/reply.ts';
import type { Doubt } from './doubt.ts';
import { transitAt, type ColumnEnd } from './ends.ts';
import { isTransit, repliesAt, ttlsOf, type Matrix, type MatrixColumn } from './matrix.ts';

/** A column and its answer in the target's name. */
export interface Claim {
  readonly column: MatrixColumn;
  readonly end: ColumnEnd;
  /** The times of all of the target's answers to the column, in milliseconds. */
  readonly times: readonly number[];
  /** A program answers, in its own time, and not the system of the target. */
  readonly isOfProgram: boolean;
}

/** The claim of a column that ends so. */
export function claimOf(column: MatrixColumn, end: ColumnEnd, target: Address): Claim {
  const answers = ttlsOf(column)
    .filter((ttl) => ttl >= end.ttl)
    .flatMap((ttl) => repliesAt(column, ttl))
    .filter((reply) => !isTransit(reply) && sameHost(reply.responder, target));
  const times = answers.map(({ rttMs }) => rttMs);
  const isOfProgram =
    column.traits.hasPorts && answers.some(({ kind }) => kind.type === 'answer' && !kind.tcp);
  return { column, end, times, isOfProgram };
}

type Field = Extract<Doubt, { type: 'stack' }>['field'];

/** The marks that are compared, the most telling first. */
const FIELDS: readonly Field[] = ['mss', 'options', 'window', 'dontFragment'];
/** So many times are compared, at least: of fewer, the least says little. */
const LEAST_TIMES = 2;

/** What speaks against an answer by comparison with another one of the target's. */
export function unlikenesses(claim: Claim, other: Claim, matrix: Matrix): Doubt[] {
  return [arrival(claim, other), time(claim, other, matrix), stack(claim, other)].filter(
    (doubt) => doubt !== undefined,
  );
}

/** Where two answers differ, the one from nearer is in doubt, and one to a port rather than one that has none. */
function arrival({ column: of, end }: Claim, { column, end: otherEnd }: Claim): Doubt | undefined {
  const [own, other] = [end.reply.ttl, otherEnd.reply.ttl];
  if (own === undefined || other === undefined) return undefined;
  const further = routersBack(own) - routersBack(other);
  const isDoubted = further < 0 || (further > 0 && of.traits.hasPorts && !column.traits.hasPorts);
  return isDoubted ? { type: 'arrival ttl', column, own, other, isRouter: false } : undefined;
}

/** Compares an answer with the last router's time exceeded: the target is one hop further. */
export function besideRouter({ end }: Claim, { columns }: Matrix): Doubt[] {
  const own = end.reply.ttl;
  if (own === undefined) return [];
  for (const column of columns) {
    for (const { ttl: other } of transitAt(column, end.ttl - 1)) {
      if (other !== undefined && !isFromBehind(own, other)) {
        return [{ type: 'arrival ttl', column, own, other, isRouter: true }];
      }
    }
  }
  return [];
}

/** The least time in which a router at this hop has answered any column; undefined where none did. */
function routerTime({ columns }: Matrix, ttl: number): number | undefined {
  const times = columns.flatMap((column) => transitAt(column, ttl).map(({ rttMs }) => rttMs));
  return times.length === 0 ? undefined : Math.min(...times);
}

function time({ end, times }: Claim, beside: Claim, matrix: Matrix): Doubt | undefined {
  const { column, times: others, isOfProgram } = beside;
  if (times.length < LEAST_TIMES || others.length < LEAST_TIMES || isOfProgram) return undefined;
  const [own, other] = [Math.min(...times), Math.min(...others)];
  // as much as the answers to one column differ, those to two may
  if (!isShorter(own + spread(times) + spread(others), other)) return undefined;
  const router = routerTime(matrix, end.ttl - 1);
  const isLikeRouter = router === undefined || !isShorter(router, own);
  return isLikeRouter ? { type: 'round trip', column, own, other } : undefined;
}

function spread(times: readonly number[]): number {
  return Math.max(...times) - Math.min(...times);
}

/** Only segments of one kind are compared: what a RST has says little of what a SYN-ACK would have. */
function stack({ end }: Claim, { column, end: otherEnd }: Claim): Doubt | undefined {
  const [own, other] = [end.reply.marks, otherEnd.reply.marks];
  if (!own?.tcp || own.tcp.flags !== other?.tcp?.flags) return undefined;
  const [a, b] = [fieldsOf(own), fieldsOf(other)];
  const field = FIELDS.find((name) => a[name] !== b[name]);
  return field ? { type: 'stack', column, field } : undefined;
}

function fieldsOf({ tcp, dontFragment }: StackMarks): Readonly<Record<Field, unknown>> {
  return { mss: tcp?.mss, options: tcp?.options.join(), window: tcp?.window, dontFragment };
}

/** Tells whether two answers have come over as many routers. */
export function isSameWayBack({ reply }: ColumnEnd, { reply: other }: ColumnEnd): boolean {
  const [a, b] = [reply.ttl, other.ttl];
  return a !== undefined && b !== undefined && routersBack(a) === routersBack(b);
}
