/** A drawn network over real packets: the built command, a kernel, and the responder of a lab. */
import { argvOf, verdictsIn, type Run } from '../matrix/accuracy/run.ts';
import type { Network } from '../matrix/accuracy/network.ts';
import type { Lab } from './lab.ts';
import { commandOf } from './replay-case.ts';

/**
 * Runs the matrix over a network. What the way back loses by itself is not played.
 * @throws Error when the command prints no document
 */
export async function runOverPackets(lab: Lab, network: Network): Promise<Run> {
  await lab.take(network.path, network.seed);
  const argv = [commandOf('traceroute'), ...argvOf(network)];
  const startMs = performance.now();
  const { stdout, stderr, probes } = await lab.run(process.execPath, argv);
  const tookMs = performance.now() - startMs;
  return { verdicts: verdictsIn(network, stdout, stderr), sent: probes.length, tookMs };
}
