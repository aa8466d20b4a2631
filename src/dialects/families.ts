/** The families of addresses that a trace may use. */
import { familyOf, parseAddress, parseInetAddr, type Family } from '../model/address.ts';
import { UsageError } from '../model/errors.ts';

/** The family in the command's own name: `traceroute6` is `traceroute -6`. */
export function familyOfProgram(program: string): Family | undefined {
  return program.endsWith('6') ? 6 : undefined;
}

/** What to say where addresses contradict each other, or the family that was asked for. */
export interface FamilyWords {
  /** The host is an address of another family than the one asked for. */
  host(host: string, family: Family, asked: Family): string;
  /** The source is an address of another family than that of the trace. */
  source(source: string, family: Family, used: Family): string;
}

const COMMAND_WORDS: FamilyWords = {
  host: (host, family, asked) => `-${asked} ${host}: this is an IPv${family} address (use -${family})`,
  source: (source, family, used) =>
    `-s ${source}: this is an IPv${family} address, and the trace is over IPv${used}`,
};

/**
 * The families for a trace to `host`, the preferred one first. An address decides; else `asked`; else both are open.
 * @param asked - from -4, -6 or the command's name
 * @param source - where the user gave one: name or address
 * @param words - those of the commands when absent
 * @throws UsageError when the addresses contradict each other, or `asked`
 */
export function familiesFor(
  host: string,
  asked: Family | undefined,
  source: string | undefined,
  words = COMMAND_WORDS,
): readonly Family[] {
  const ofHost = familyOfLiteral(host);
  refuseOther(ofHost, asked, words.host.bind(words, host));
  const known = ofHost ?? asked;
  const ofSource = source === undefined ? undefined : familyOfLiteral(source);
  refuseOther(ofSource, known, words.source.bind(words, source ?? ''));
  const only = known ?? ofSource;
  return only === undefined ? [6, 4] : [only];
}

/** @throws UsageError where both families are known and differ */
function refuseOther(
  found: Family | undefined,
  wanted: Family | undefined,
  words: (found: Family, wanted: Family) => string,
): void {
  if (found === undefined || wanted === undefined || found === wanted) return;
  throw new UsageError(words(found, wanted));
}

function familyOfLiteral(text: string): Family | undefined {
  const literal = parseAddress(text) ?? parseInetAddr(text);
  return literal === undefined ? undefined : familyOf(literal);
}
