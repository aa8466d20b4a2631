/** The syntax of a probe on the command line: `NAME[/PORT[-PORT]][:FLAG[+FLAG]]`. */
import { probeTypes, type ProbeType } from '../../../probes/index.ts';
import { bitsNamed } from '../../model/control-bits.ts';
import { UsageError } from '../../model/errors.ts';
import { given } from '../../model/given.ts';
import { sanitiseName } from '../../model/name.ts';

/** The parts of a specification, not looked up yet. */
export interface ProbeSpec {
  /** The name or number of a protocol, in lower case. */
  readonly name: string;
  /** The port or the range, as the user wrote it, in lower case. */
  readonly ports?: string;
  /** The names of control bits, where they were written, in lower case. */
  readonly flags?: readonly string[];
}

const SHAPE = /^(?<name>[a-z0-9][a-z0-9.-]*)(?:\/(?<ports>[a-z0-9_-]+))?(?::(?<flags>[a-z]+(?:\+[a-z]+)*))?$/;

/** The letters by which nmap has the protocols of a list of ports: `T:22,80,U:53`. */
const NMAP_NAMES: Readonly<Record<string, string>> = { t: 'tcp', u: 'udp', s: 'sctp' };

/**
 * Takes a specification apart.
 * @throws UsageError that names what is wrong with it
 */
export function parseProbeSpec(text: string): ProbeSpec {
  const { name, ports, flags } = SHAPE.exec(text.toLowerCase())?.groups ?? {};
  if (name === undefined) throw new UsageError(misspelt(text.toLowerCase(), text));
  return { name, ...given({ ports, flags: flags?.split('+') }) };
}

/** Says how a specification is written, and how this one may have been meant. */
function misspelt(lower: string, text: string): string {
  const { name, port } = /^(?<name>[a-z]+):(?<port>\d+(?:-\d+)?)$/.exec(lower)?.groups ?? {};
  if (name !== undefined) {
    return `${text}: a port stands behind a slash (${NMAP_NAMES[name] ?? name}/${port ?? ''})`;
  }
  const [dash] = /\p{Pd}|\u2212/u.exec(text.replaceAll('-', '')) ?? [];
  if (dash !== undefined) return `${text}: ${dash} is no hyphen (a range is FIRST-LAST, such as 20-34)`;
  const what = text === '' ? 'a probe is missing' : sanitiseName(text);
  return `${what}: expected NAME[/PORT[-PORT]][:FLAG[+FLAG]], such as icmp, udp/53 or tcp/443:ack`;
}

/**
 * The control bits that a specification's flags stand for; undefined where it has none.
 * @throws UsageError when the probe type has no such flag, or no flags at all
 */
export function flagBits(
  { flags }: ProbeSpec,
  { name, traits }: ProbeType,
  text: string,
): number | undefined {
  if (!flags) return undefined;
  if (!traits.flags) throw new UsageError(`${text}: only ${flaggedTypes()} has flags`);
  const { names } = traits.flags;
  return flags.reduce((bits, wanted) => {
    const found = bitsNamed(names, wanted);
    if (found === 0 && flags.length > 1) throw new UsageError(`${text}: ${wanted} stands for no flag at all`);
    if (found !== undefined) return bits | found;
    const known = names.map(([flag]) => flag).join(', ');
    throw new UsageError(`${text}: no ${name.toUpperCase()} flag is called ${wanted} (${known})`);
  }, 0);
}

function flaggedTypes(): string {
  const types: readonly ProbeType[] = probeTypes;
  return types
    .filter(({ traits }) => traits.flags)
    .map(({ name }) => name)
    .join(' or ');
}
