/** What a command is: how it reads its arguments and how it words its errors. */
import type { Plan } from '../model/plan.ts';

/** What reading the arguments takes besides the arguments. */
export interface DialectContext {
  /** The name the command was called by. */
  readonly program: string;
  /** The largest TTL when nobody says. */
  readonly defaultTtl: number;
  /** The number of an IP protocol by its name, without regard to case. */
  protocolNumber(name: string): number | undefined;
  /** The TCP port of a service by its name. */
  servicePort(name: string): number | undefined;
  /** Tells the user something at once, without the program's name. */
  warn(message: string): void;
}

/** What the arguments ask for. */
export type Request =
  { readonly kind: 'trace'; readonly plan: Plan } | { readonly kind: 'help' | 'usage' | 'version' };
