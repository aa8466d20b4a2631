/** A matrix as a JSON document. */
import type { Address } from '../model/address.ts';
import type { Plan } from '../model/plan.ts';
import type { CellAttempt, Matrix } from '../verdict/matrix.ts';
import type { MatrixFacts } from '../verdict/facts.ts';
import { misspeakersIn } from '../verdict/misspoken.ts';
import { pathDifferences, type PathDifference } from '../verdict/paths.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { isProbed, lastRow, rowsFrom } from '../render/matrix/cell.ts';
import { refusalLetters } from '../render/matrix/refusal.ts';
import type { RuleFlow } from '../render/matrix/rules/rule-flow.ts';
import { VERSION } from '../version.ts';
import { jsonText } from './json-text.ts';
import { verdictMembers } from './verdict-json.ts';

/** Of the document: it grows by one where a field changes its meaning. */
const DOCUMENT_VERSION = 1;
const MICROSECONDS = 1000;

/** What the document tells of the run itself. */
export interface MatrixRunFacts {
  /** The target as the user knows it. */
  readonly host: string;
  /** The address that the probes were sent from. */
  readonly source: Address;
  /** When the first probe left and the last verdict was found, RFC 3339 in UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly options: Pick<Plan, 'firstTtl' | 'maxTtl' | 'attempts' | 'waitSeconds' | 'tos'>;
  /** The probes that were sent. */
  readonly packets: number;
  readonly isInterrupted: boolean;
  /** The flow of a verdict's column. */
  readonly flowOf: (verdict: Verdict) => RuleFlow;
}

/** The document, which ends with a newline. A cell that was not probed is an empty list. */
export function matrixJson(
  facts: MatrixFacts,
  verdicts: readonly Verdict[],
  { host, source, startedAt, finishedAt, options, packets, isInterrupted, flowOf }: MatrixRunFacts,
): string {
  const { matrix } = facts;
  const { firstTtl, maxTtl, attempts, waitSeconds, tos } = options;
  const ttls = rowsFrom(firstTtl, facts);
  const document = {
    matrix: {
      version: DOCUMENT_VERSION,
      program: VERSION,
      target: { name: host, address: matrix.target },
      source: { address: source },
      startedAt,
      finishedAt,
      options: { firstTtl, maxTtl, attempts, waitSeconds: waitSeconds ?? null, tos },
      interrupted: isInterrupted,
      packets,
      columns: matrix.columns.map(({ name }) => name),
      hops: ttls.map((ttl) => ({ ttl, cells: cellsOf(facts, ttl) })),
      verdicts: verdicts.map((verdict) => verdictMembers(verdict, facts, flowOf(verdict))),
      pathDiffers: pathDifferences(facts, lastRow(facts)).map(differenceOf),
      misspoken: misspeakersIn(matrix).map(({ ttl, reply: { responder, kind } }) => ({
        ttl,
        address: responder,
        annotation: refusalLetters(kind, matrix.family),
      })),
    },
  };
  return jsonText(document);
}

function cellsOf({ matrix, columns }: MatrixFacts, ttl: number): Record<string, unknown> {
  const cells = columns.map((facts) => {
    const attempts = isProbed(facts, ttl) ? (facts.column.cells.get(ttl) ?? []) : [];
    return [facts.column.name, attempts.map((attempt) => attemptOf(attempt, matrix))] as const;
  });
  return Object.fromEntries(cells);
}

function attemptOf(attempt: CellAttempt, { family }: Matrix): unknown {
  if (attempt === null) return null;
  const { responder, rttMs, kind, ttl } = attempt;
  const annotation = refusalLetters(kind, family) || null;
  const rounded = Math.round(rttMs * MICROSECONDS) / MICROSECONDS;
  return { from: responder, rttMs: rounded, ttl: ttl ?? null, annotation };
}

function differenceOf({ ttl, groups }: PathDifference): unknown {
  const saw = groups.map(({ responders, columns }) => ({
    from: responders,
    probes: columns.map(({ name }) => name),
  }));
  return { ttl, saw };
}
