/** The recorded cases that fall short, by kind. Whoever mends a kind takes its cases off. */

/** A way to replay cases: in memory or over packets, memory6 and packets6 over IPv6. */
export type Replay = 'memory' | 'memory6' | 'packets' | 'packets6';

/** One kind of difference. */
export interface Shortfall {
  /** What is expected, and what comes. */
  readonly differs: string;
  /** Names of recorded cases. */
  readonly cases: readonly string[];
  /** The replays that show it; all of them by default. */
  readonly only?: readonly Replay[];
}

/** Every kind. A case may be of several. */
export const SHORTFALLS: readonly Shortfall[] = [];
