/** The families of addresses that a trace may use. */
import { familyOf, parseAddress, parseInetAddr, type Family } from '../model/address.ts';
import { UsageError } from '../model/errors.ts';

/** The family in the command's own name: `traceroute6` is `traceroute -6`. */
export function familyOfProgram(program: string): Family | undefined {
  return program.endsWith('6') ? 6 : undefined;
}

/**
 * The families for a trace to `host`, the preferred one first. An address decides; else `asked`; else both are open.
 * @param asked - from -4, -6 or the command's name
 * @param source - where the user gave one: name or address
 * @throws UsageError when the addresses contradict each other, or `asked`
 */
export function familiesFor(
  host: string,
  asked: Family | undefined,
  source: string | undefined,
): readonly Family[] {
  const ofHost = familyOfLiteral(host);
  if (isOther(ofHost, asked)) {
    throw new UsageError(`-${asked} ${host}: this is an IPv${ofHost} address (use -${ofHost})`);
  }
  const known = ofHost ?? asked;
  const ofSource = source === undefined ? undefined : familyOfLiteral(source);
  if (isOther(ofSource, known)) {
    throw new UsageError(
      `-s ${source}: this is an IPv${ofSource} address, and the trace is over IPv${known}`,
    );
  }
  const only = known ?? ofSource;
  return only === undefined ? [6, 4] : [only];
}

function isOther(one: Family | undefined, another: Family | undefined): boolean {
  return one !== undefined && another !== undefined && one !== another;
}

function familyOfLiteral(text: string): Family | undefined {
  const literal = parseAddress(text) ?? parseInetAddr(text);
  return literal === undefined ? undefined : familyOf(literal);
}
