/** The syntax of a probe on the command line: `NAME[/PORT][:FLAG[+FLAG]]`, with `PORT-PORT` for a range. */
import { UsageError } from '../model/errors.ts';
import { TCP_FLAGS } from '../model/tcp-flags.ts';

/** The parts of a specification, not looked up yet. */
export interface ProbeSpec {
  /** The name or number of a protocol, in lower case. */
  readonly name: string;
  /** First and last port, as the user wrote them. A single port is both. */
  readonly ports?: readonly [string, string];
  /** TCP control bits, absent where the user wrote none. RFC 9293 section 3.1. */
  readonly tcpFlags?: number;
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
    ...(flags === undefined ? {} : { tcpFlags: tcpFlags(flags, text) }),
  };
}

function tcpFlags(names: string, text: string): number {
  return names.split('+').reduce((flags, wanted) => {
    const [, bits] = TCP_FLAGS.find(([name]) => name === wanted) ?? [];
    if (bits !== undefined) return flags | bits;
    const known = TCP_FLAGS.map(([name]) => name).join(', ');
    throw new UsageError(`${text}: no TCP flag is called ${wanted} (${known})`);
  }, 0);
}
