/** How a probe is named on a command line: `NAME[/PORT][:FLAG[+FLAG]]`, with `PORT-PORT` for several of them. */
import { UsageError } from './errors.ts';

/** A probe specification in its parts. */
export interface ProbeSpec {
  /** Of the probe type or the protocol, in lower case. */
  readonly name: string;
  /** First and last port, as they were written; equal where there is one. */
  readonly ports?: readonly [string, string];
  /** TCP control bits, where they were written. RFC 9293 section 3.1. */
  readonly tcpFlags?: number;
}

const SHAPE =
  /^(?<name>[a-z0-9][a-z0-9.-]*)(?:\/(?<first>0x[0-9a-f]+|[a-z0-9]+)(?:-(?<last>0x[0-9a-f]+|[a-z0-9]+))?)?(?::(?<flags>[a-z]+(?:\+[a-z]+)*))?$/;

/** TCP control bits by their names, in the order in which they are written. RFC 9293 3.1, RFC 3168 6.1.1. */
const TCP_FLAGS: readonly (readonly [name: string, bits: number])[] = [
  ['syn', 0x02],
  ['ack', 0x10],
  ['fin', 0x01],
  ['rst', 0x04],
  ['psh', 0x08],
  ['urg', 0x20],
  // both ask for ECN
  ['ecn', 0x40 | 0x80],
  ['ece', 0x40],
  ['cwr', 0x80],
];

/**
 * Reads one specification.
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

/** Control bits as a specification names them: `syn+ecn`; '' for none. */
export function tcpFlagNames(flags: number): string {
  const names: string[] = [];
  let left = flags;
  for (const [name, bits] of TCP_FLAGS) {
    if ((left & bits) !== bits) continue;
    names.push(name);
    left &= ~bits;
  }
  return names.join('+');
}

function tcpFlags(names: string, text: string): number {
  return names.split('+').reduce((flags, wanted) => {
    const [, bits] = TCP_FLAGS.find(([name]) => name === wanted) ?? [];
    if (bits !== undefined) return flags | bits;
    const known = TCP_FLAGS.map(([name]) => name).join(', ');
    throw new UsageError(`${text}: no TCP flag is called ${wanted} (${known})`);
  }, 0);
}
