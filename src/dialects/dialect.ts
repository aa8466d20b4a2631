/** The contract of a dialect: it reads arguments into a request, and words its errors. */
import type { Plan } from '../model/plan.ts';

/** The surroundings that a dialect reads its arguments in. */
export interface DialectContext {
  /** The name by which the command was called. */
  readonly program: string;
  /** The largest TTL when the user gives none: the system's own, 1 to 255. */
  readonly defaultTtl: number;
  /** The number of an IP protocol by its name, in any case of letters. */
  protocolNumber(name: string): number | undefined;
  /** The TCP port of a service by its name. */
  servicePort(name: string): number | undefined;
  /** Warns the user at once. The message comes without the program's name. */
  warn(message: string): void;
}

/** The wish behind the arguments. `usage` is tcptraceroute's -h. */
export type Request =
  { readonly kind: 'trace'; readonly plan: Plan } | { readonly kind: 'help' | 'usage' | 'version' };
