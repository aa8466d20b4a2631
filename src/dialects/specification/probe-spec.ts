/** The syntax of a probe on the command line: `NAME[/PORT][:FLAG[+FLAG]]`, with `PORT-PORT` for a range. */
import { probeTypes, type ProbeType } from '../../../probes/index.ts';
import { bitsNamed } from '../../model/control-bits.ts';
import { UsageError } from '../../model/errors.ts';

/** The parts of a specification, not looked up yet. */
export interface ProbeSpec {
  /** The name or number of a protocol, in lower case. */
  readonly name: string;
  /** First and last port, as the user wrote them. A single port is both. */
  readonly ports?: readonly [string, string];
  /** The names of control bits, where they were written, in lower case. */
  readonly flags?: readonly string[];
}

const SHAPE =
  /^(?<name>[a-z0-9][a-z0-9.-]*)(?:\/(?<first>0x[0-9a-f]+|[a-z0-9]+)(?:-(?<last>0x[0-9a-f]+|[a-z0-9]+))?)?(?::(?<flags>[a-z]+(?:\+[a-z]+)*))?$/;

/**
 * Takes a specification apart.
 * @throws UsageError that names what is wrong with it
 */
export function parseProbeSpec(text: string): ProbeSpec {
  const { name, first, last = first, flags } = SHAPE.exec(text.toLowerCase())?.groups ?? {};
  if (name === undefined) {
    throw new UsageError(
      `${text === '' ? 'a probe is missing' : text}: expected NAME[/PORT][:FLAG[+FLAG]], such as icmp, udp/53 or tcp/443:ack`,
    );
  }
  return {
    name,
    ...(first === undefined || last === undefined ? {} : { ports: [first, last] as const }),
    ...(flags === undefined ? {} : { flags: flags.split('+') }),
  };
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
