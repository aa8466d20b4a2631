/**
 * Traces through a firewall with UDP, ICMP, TCP and GRE, over real packets in network namespaces of its own.
 * With --all, makes every run that the README shows.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { labMissing, openLab, type Lab } from '../lab/lab.ts';
import { firewallRuns, readmeRuns, shop, typed, type CommandLine } from './transcripts.ts';

const HOW_TO_READ = `How to read it: ICMP and TCP arrive at shop.example; UDP is refused (!X, administratively prohibited) by
firewall.shop.example, which answers for itself at hop 4 and rejects what goes further; GRE is dropped without a word
between hop 3, the last to answer it, and hop 4, which answers the others.`;

function scriptOf(dialect: CommandLine['dialect']): string {
  return fileURLToPath(new URL(`../../dist/${dialect}.js`, import.meta.url));
}

/** Says why the demonstration cannot run here; undefined when it can. */
function missing(): string | undefined {
  if (!existsSync(scriptOf('traceroute'))) return 'the commands are not built (run "npm run build")';
  return labMissing();
}

async function show(lab: Lab, run: CommandLine): Promise<void> {
  const { stdout, stderr } = await lab.run(process.execPath, [scriptOf(run.dialect), ...run.argv]);
  console.log(`$ ${typed(run)}\n${stderr}${stdout}`);
}

async function demonstrate(runs: readonly CommandLine[]): Promise<void> {
  const lab = await openLab();
  try {
    await lab.take(shop);
    for (const run of runs) await show(lab, run);
  } finally {
    lab.close();
  }
}

// a pager that was left ends the output, as it does for any command
process.stdout.on('error', () => process.exit());

const reason = missing();
if (reason !== undefined) {
  console.error(`the demonstration cannot run: ${reason}`);
  process.exitCode = 1;
} else if (process.argv.includes('--all')) {
  await demonstrate(readmeRuns);
} else {
  await demonstrate(firewallRuns);
  console.log(HOW_TO_READ);
}
