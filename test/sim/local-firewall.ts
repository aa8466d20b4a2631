/** The part of nft's language that the recorded paths use on the tracer's own machine: what may not be sent. */
import type { Matcher } from './path-format.ts';

const OUTPUT_CHAIN = /^add chain (?<chain>\S+ \S+ \S+) \{ type filter hook output priority 0; \}$/;
const DROP_RULE = /^add rule (?<chain>\S+ \S+ \S+) (?<protocol>udp|tcp) dport (?<port>\d+) drop$/;
const TABLE = /^add table \S+ \S+$/;

/**
 * Reads commands for nft, and gives what they keep from being sent.
 * @throws Error about a command that is not understood here
 */
export function droppedOutput(commands: readonly string[]): Matcher[] {
  const chains = new Set<string>();
  return commands.flatMap((command) => {
    const chain = OUTPUT_CHAIN.exec(command)?.groups?.['chain'];
    if (chain !== undefined) chains.add(chain);
    if (chain !== undefined || TABLE.test(command)) return [];
    const rule = DROP_RULE.exec(command)?.groups;
    if (!rule || !chains.has(rule['chain'] ?? '')) throw new Error(`nft command not understood: ${command}`);
    return [`${rule['protocol']}:${rule['port']}`];
  });
}
