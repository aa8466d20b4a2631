/** Control bits of a header by their names. */

/** Names and their bits, in the order in which they are written. A name may stand for several bits, or for no bit at all. */
export type ControlBits = readonly (readonly [name: string, bits: number])[];

/** The bits of a name; undefined when the table has no such name. */
export function bitsNamed(table: ControlBits, wanted: string): number | undefined {
  return table.find(([name]) => name === wanted)?.[1];
}

/** The names of the bits that are set, as a specification has them: `syn+ecn`. For none, the name that stands for none, or ''. */
export function namesOfBits(table: ControlBits, flags: number): string {
  if (flags === 0) return table.find(([, bits]) => bits === 0)?.[0] ?? '';
  const names: string[] = [];
  let left = flags;
  for (const [name, bits] of table) {
    if (bits === 0 || (left & bits) !== bits) continue;
    names.push(name);
    left &= ~bits;
  }
  return names.join('+');
}

/** What stands behind the name of a probe with these bits: `:syn+ecn`; '' for the bits that its type has by itself. */
export function flagSuffix(
  flags: { readonly names: ControlBits; readonly initial: number } | undefined,
  bits: number,
): string {
  return !flags || bits === flags.initial ? '' : `:${namesOfBits(flags.names, bits)}`;
}
