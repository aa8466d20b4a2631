/** What a matrix tells while it runs. */
import type { Probe } from '../../model/probe.ts';
import type { Reply } from '../../model/reply.ts';
import type { MatrixFacts } from '../../verdict/facts.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import type { Endpoints } from '../endpoints.ts';
import type { Column } from './column.ts';

/** The facts of a matrix that stand before its first reply. */
export interface MatrixStart {
  readonly endpoints: Endpoints;
  /** One for each probe of the request, in its order. */
  readonly columns: readonly Column[];
  /** Reads what is known at the moment of asking. */
  readonly facts: () => MatrixFacts;
}

/** `column` is the name of a probe as the request has it, such as `tcp/443`. */
export type MatrixEvent =
  /** The first probes leave now. */
  | ({ readonly type: 'start' } & MatrixStart)
  /** A probe has left. */
  | { readonly type: 'sent'; readonly column: string; readonly probe: Probe; readonly atMs: number }
  /** A reply that counts. */
  | {
      readonly type: 'reply';
      readonly column: string;
      readonly probe: Probe;
      readonly reply: Reply;
      readonly rttMs: number;
    }
  /** The target answered the column without telling which of its probes. */
  | { readonly type: 'anonymous'; readonly column: string; readonly reply: Reply }
  /** The verdict on a column: one for each, once nothing is left to find out. */
  | { readonly type: 'verdict'; readonly verdict: Verdict }
  /** Nothing follows. */
  | {
      readonly type: 'end';
      readonly facts: MatrixFacts;
      /** In the order of the columns. */
      readonly verdicts: readonly Verdict[];
      /** The signal came before everything was known. */
      readonly isInterrupted: boolean;
      /** The probes that were sent, of all columns. */
      readonly packets: number;
    };
