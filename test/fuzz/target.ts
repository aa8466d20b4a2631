/** The contract of what is fuzzed, and the checks that its inputs have to pass. */
import assert from 'node:assert/strict';

/** A part of the program that takes what strangers, users or files give it. */
export interface Target {
  readonly name: string;
  /** Inputs that it takes; at least one. */
  readonly seeds: readonly Uint8Array[];
  /** Pieces that mean something to it. */
  readonly words: readonly Uint8Array[];
  /** The most octets of an input: as many as can really come, or as many as it has to take in the time. */
  readonly largest: number;
  /** Takes an input. @throws whatever is no answer that the target may give */
  run(input: Uint8Array): void;
}

/** The octets of texts. */
export function octetsOfTexts(...texts: readonly string[]): Uint8Array[] {
  return texts.map((text) => Uint8Array.from(Buffer.from(text)));
}

/** The text in an input. Octets that are no UTF-8 become replacement characters, as in files that Node reads. */
export function textOf(input: Uint8Array): string {
  return Buffer.from(input).toString('utf8');
}

/** Answers what `action` does; undefined where it throws an error that it may throw. @throws every other one */
export function unlessRefused<Result>(
  action: () => Result,
  isRefusal: (error: unknown) => boolean,
): Result | undefined {
  try {
    return action();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return undefined;
  }
}

/** What a terminal takes for commands: C0 but for the line's end, DEL, C1. */
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

/** Checks that a text may be shown on a terminal. */
export function assertPrintable(text: string): void {
  assert.ok(
    !CONTROL.test(text),
    `a control character reaches the terminal: ${JSON.stringify(text).slice(0, 300)}`,
  );
}
