/** The properties by which packet filters tell columns apart. */
import type { MatrixColumn } from './matrix.ts';

/** What filters see of a column's packets: the coarsest property first, the finest last. */
export interface FilterClass {
  /** The IP protocol. */
  readonly protocol: number;
  /** The destination port; absent where the type has no ports. */
  readonly port?: number;
  /** Whether a packet opens a connection; absent where the type has no control bits. */
  readonly opens?: boolean;
}

/** The class of a column. Filters cannot tell columns of one class apart. */
export function filterClassOf({ probe, traits, protocol, port }: MatrixColumn): FilterClass {
  return {
    protocol,
    ...(traits.hasPorts ? { port } : {}),
    ...(traits.flags ? { opens: traits.flags.opens(probe.tcpFlags) } : {}),
  };
}

/**
 * Tells whether two columns differ only in that one opens a connection and the other claims to be part of one. What does
 * neither, such as a FIN alone, proves no filter: an open port does not answer it. RFC 9293 section 3.10.7.2
 */
export function isContrast(one: MatrixColumn, other: MatrixColumn): boolean {
  if (![one, other].every(({ probe, traits }) => traits.flags?.isTracked(probe.tcpFlags))) return false;
  const [a, b] = [filterClassOf(one), filterClassOf(other)];
  if (a.opens === undefined || b.opens === undefined) return false;
  return a.protocol === b.protocol && a.port === b.port && a.opens !== b.opens;
}
