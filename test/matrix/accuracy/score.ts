/** Counts judgements, by kind of network and by confidence. */
import { columnOf } from './columns.ts';
import { judgementOf, type JsonVerdict, type Judgement } from './judgement.ts';
import type { Network } from './network.ts';
import type { Run } from './run.ts';

/** One judged verdict. */
export interface Judged {
  readonly network: Network;
  readonly run: Run;
  readonly verdict: JsonVerdict;
  readonly judgement: Judgement;
}

/** Judges all verdicts of a run. */
export function judgeRun(network: Network, run: Run): readonly Judged[] {
  return run.verdicts.map((verdict) => ({
    network,
    run,
    verdict,
    judgement: judgementOf(network, columnOf(verdict.probe), verdict),
  }));
}

/** Tells whether a verdict claims what is not so. What is `low` or `unknown` claims nothing. */
export function isFalse({ verdict, judgement }: Judged): boolean {
  return judgement === 'false' && verdict.confidence !== 'low' && verdict.state !== 'unknown';
}

/** 95 %, two-sided. */
const Z = 1.96;

/** The interval of Wilson that holds a share with 95 %: `count` of `total`. */
export function wilson(count: number, total: number): readonly [least: number, most: number] {
  if (total === 0) return [0, 1];
  const share = count / total;
  const middle = share + Z ** 2 / (2 * total);
  const width = Z * Math.sqrt((share * (1 - share)) / total + Z ** 2 / (4 * total ** 2));
  const scale = 1 + Z ** 2 / total;
  return [Math.max(0, (middle - width) / scale), Math.min(1, (middle + width) / scale)];
}
