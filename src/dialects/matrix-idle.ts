/** Options that would do nothing in a matrix, and what to write in their place. */
import { UsageError } from '../model/errors.ts';
import { probeByName } from './specification/probe-name.ts';

/** An option as it was given: `-P`, with its value, or '' where it takes none. */
export interface GivenOption {
  readonly name: string;
  readonly value: string;
}

/** For each such option, why it does nothing and what does; undefined where this value does something. */
type IdleOptions = Readonly<Record<string, (value: string) => string | undefined>>;

const say = (words: string) => () => words;
const flags = (example: string) => say(`the probes of --matrix name their own control bits (${example})`);

/** Those of both commands. */
const common = (): IdleOptions => ({
  '--dnat': say('a matrix does not show rewritten destinations (trace one probe alone)'),
  '--extensions': say('a matrix does not show what routers add to their answers (trace one probe alone)'),
});

/** Those of `traceroute`. */
export const bsdIdle = (): IdleOptions => ({
  ...common(),
  '-P': (value) => `the probes of --matrix name their own protocols (write --matrix ${specification(value)})`,
  '-I': say('the probes of --matrix name their own protocols (write --matrix icmp)'),
  '-p': (value) => `the probes of --matrix name their own ports (write tcp/${value} or udp/${value})`,
  '-e': say('the probes of --matrix keep their ports anyway (leave it out)'),
  '-E': say('a matrix does not show what becomes of the ECN field (trace one probe alone)'),
  '-D': say('a matrix does not show octets (trace one probe alone)'),
  '-S': say('a matrix tells no loss (its verdicts allow for it; trace one probe alone)'),
  '-v': say('a matrix does not show other ICMP (trace one probe alone)'),
  '-a': say('a matrix does not show AS numbers (trace one probe alone)'),
  '-A': say('a matrix does not show AS numbers (trace one probe alone)'),
  '-w': (value) =>
    value.includes(',')
      ? `a matrix waits as long as all its probes ask for, or exactly (write -w ${value.split(',')[0] ?? ''})`
      : undefined,
});

/** Those of `tcptraceroute`. */
export const tcptracerouteIdle = (): IdleOptions => ({
  ...common(),
  '-S': flags('tcp/443 sends SYN'),
  '-A': flags('write tcp/443:ack'),
  '-E': flags('write tcp/443:syn+ecn'),
  '--track-port': say('each probe of --matrix keeps one source port (--flows N takes several)'),
});

/**
 * Refuses what a matrix would ignore.
 * @throws UsageError that names the first such option, and what to write in its place
 */
export function refuseIdle(given: readonly GivenOption[], idle: IdleOptions): void {
  for (const { name, value } of given) {
    const why = idle[name]?.(value);
    if (why !== undefined) throw new UsageError(`${name}${value === '' ? '' : ` ${value}`}: ${why}`);
  }
}

/** A protocol as a specification has it, with room for a port where it has such. */
function specification(protocol: string): string {
  const type = probeByName(protocol)?.type;
  return type?.traits.hasPorts ? `${protocol}/PORT` : protocol;
}
