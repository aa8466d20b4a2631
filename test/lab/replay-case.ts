/** Recorded cases over real packets: the built command, as a process, against its path played in a namespace. */
import { fileURLToPath } from 'node:url';
import { compareRun, type Run } from '../sim/compare-run.ts';
import type { RecordedCase } from '../sim/recorded.ts';
import type { Lab } from './lab.ts';

/** So many labs replay cases side by side. */
export const LABS = 4;

/** Finds the built command of a dialect. */
export function commandOf(dialect: string): string {
  return fileURLToPath(new URL(`../../dist/${dialect}.js`, import.meta.url));
}

async function runCase(
  lab: Lab,
  { dialect, argv, topo }: RecordedCase,
  options: readonly string[] = [],
): Promise<Run> {
  await lab.take(topo);
  return lab.run(process.execPath, [commandOf(dialect), ...options, ...argv]);
}

/**
 * Runs the command of a case, and says in one line each what it has other than the case.
 * @param options - of our own, before those of the case; none that change what is printed or sent
 */
export async function replayCase(
  lab: Lab,
  recorded: RecordedCase,
  options: readonly string[] = [],
): Promise<string[]> {
  return compareRun(recorded, await runCase(lab, recorded, options));
}

/** Shown only where the system tells a reply's hop limit: raw IPv6 sockets give no header. RFC 3542 section 3. */
const HOP_LIMIT_REMARK = /(?<= ms) !(?= |$)/gm;

/** Does the same over IPv6. Remarks that hop limits alone would show do not count. */
export async function replayCase6(lab: Lab, twin: RecordedCase): Promise<string[]> {
  const run = await runCase(lab, twin);
  const withoutRemark = <T extends { readonly stdout: string }>(text: T): T => ({
    ...text,
    stdout: text.stdout.replace(HOP_LIMIT_REMARK, ''),
  });
  return compareRun(withoutRemark(twin), withoutRemark(run));
}
