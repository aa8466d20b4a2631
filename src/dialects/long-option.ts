/** Messages about long options, for which the original has none. */
import { UsageError } from '../model/errors.ts';
import type { Argument } from './getopt.ts';

/** The error for a long option that is unknown, lacks its value, or has one that it does not take. */
export function badLongOption(
  argument: Exclude<Argument<never>, { kind: 'operand' | 'option' }>,
): UsageError {
  const { kind, name } = argument;
  switch (kind) {
    case 'unknown':
      return new UsageError(`unknown option ${name}`, { unknownOption: name });
    case 'missing-value':
      return new UsageError(`${name}: a value is required`);
    case 'needless-value':
      return new UsageError(`${name}: takes no value`);
  }
}
