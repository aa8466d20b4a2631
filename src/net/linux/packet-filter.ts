/**
 * Makes classic Berkeley packet filters from rules. A rule is a run of checks; a packet passes if one rule holds.
 * linux/filter.h
 */
import { encodeProgram, programMemory, type Instruction } from './bpf.ts';
import { SO, SOL } from './constants.ts';
import type { Libc } from './libc.ts';

/** The few instructions that are needed, each with its class, size and mode joined. */
const CODE = {
  loadWord: 0x20,
  loadHalf: 0x28,
  loadByte: 0x30,
  loadHalfIndexed: 0x48,
  loadByteIndexed: 0x50,
  loadWordIndexed: 0x40,
  loadIpv4HeaderLength: 0xb1,
  loadLength: 0x80,
  add: 0x04,
  addIndex: 0x0c,
  subtract: 0x14,
  subtractIndex: 0x1c,
  and: 0x54,
  shiftLeft: 0x64,
  toIndex: 0x07,
  ifEqual: 0x15,
  ifAtLeast: 0x35,
  ifAtLeastIndex: 0x3d,
  answer: 0x06,
} as const;

/** Add it to an offset that counts from the IP header, where the socket's data begin after that header. */
export const FROM_IP_HEADER = -0x100000;

const ACCEPT_WHOLE = 0xffffffff;
const DROP = 0;
/** Instructions. More would cost each packet more than to read it. Jumps of 8 bits can cross a rule. */
const LONGEST_RULE = 200;
const LONGEST_PROGRAM = 2000;

/** Changes the accumulator, or checks it; a check that fails ends the rule. */
export type Step =
  | {
      readonly do: Exclude<keyof typeof CODE, 'ifEqual' | 'ifAtLeast' | 'ifAtLeastIndex' | 'answer'>;
      readonly by?: number;
    }
  | { readonly oneOf: readonly number[] }
  | { readonly below: number }
  | { readonly atLeast: number | 'index' };

/** Steps of which every check has to hold. */
export type Rule = readonly Step[];

/** Makes the program that accepts what any rule accepts; undefined when it would be too long. */
export function assemble(rules: readonly Rule[]): Uint8Array | undefined {
  return assembleAll(rules, ACCEPT_WHOLE);
}

/** Makes the program that accepts what no rule accepts, of guarded rules; undefined when it would be too long. */
export function assembleRest(rules: readonly Rule[]): Uint8Array | undefined {
  return assembleAll(rules, DROP);
}

/** The program that accepts no packet. */
export function nothing(): Uint8Array {
  return encodeProgram([answer(DROP)]);
}

/** @param holds - the answer where a rule holds; where none does, the other one is given */
function assembleAll(
  rules: readonly Rule[],
  holds: typeof ACCEPT_WHOLE | typeof DROP,
): Uint8Array | undefined {
  const parts = rules.map((rule) => [...assembleRule(rule), answer(holds)]);
  const program = [...parts.flat(), answer(holds === DROP ? ACCEPT_WHOLE : DROP)];
  const fits = parts.every(({ length }) => length <= LONGEST_RULE) && program.length <= LONGEST_PROGRAM;
  return fits ? encodeProgram(program) : undefined;
}

function answer(operand: number): Instruction {
  return { code: CODE.answer, ifTrue: 0, ifFalse: 0, operand };
}

/** The octets that a load takes. Others than these are never past the end. */
const LOADED: Readonly<Record<string, number>> = {
  loadWord: 4,
  loadHalf: 2,
  loadByte: 1,
  loadHalfIndexed: 2,
  loadByteIndexed: 1,
  loadWordIndexed: 4,
};

/** The same rule, which a load past the end of the packet fails. By itself such a load would drop the packet. */
export function guarded(rule: Rule): Rule {
  return rule.flatMap((step) => {
    const octets = 'do' in step ? LOADED[step.do] : undefined;
    if (!('do' in step) || octets === undefined || (step.by ?? 0) < 0) return [step];
    const end = (step.by ?? 0) + octets;
    if (!step.do.endsWith('Indexed')) return [{ do: 'loadLength' }, { atLeast: end }, step];
    return [{ do: 'loadLength' }, { atLeast: 'index' }, { do: 'subtractIndex' }, { atLeast: end }, step];
  });
}

function assembleRule(rule: Rule): Instruction[] {
  const size = rule.reduce((sum, step) => sum + sizeOf(step), 0);
  const instructions: Instruction[] = [];
  for (const step of rule) {
    const left = size - instructions.length;
    instructions.push(...assembleStep(step, left));
  }
  return instructions;
}

function sizeOf(step: Step): number {
  return 'oneOf' in step ? step.oneOf.length : 1;
}

/** @param left - number of instructions up to the rule's acceptance, which a failed check jumps past */
function assembleStep(step: Step, left: number): Instruction[] {
  if ('below' in step) {
    return [{ code: CODE.ifAtLeast, ifTrue: left, ifFalse: 0, operand: step.below }];
  }
  if ('atLeast' in step) {
    const { atLeast } = step;
    return atLeast === 'index'
      ? [{ code: CODE.ifAtLeastIndex, ifTrue: 0, ifFalse: left, operand: 0 }]
      : [{ code: CODE.ifAtLeast, ifTrue: 0, ifFalse: left, operand: atLeast }];
  }
  if ('do' in step) return [{ code: CODE[step.do], ifTrue: 0, ifFalse: 0, operand: step.by ?? 0 }];
  const last = step.oneOf.length - 1;
  return step.oneOf.map((operand, index) => ({
    code: CODE.ifEqual,
    ifTrue: last - index,
    ifFalse: index === last ? left - last : 0,
    operand,
  }));
}

/**
 * From now on only what `program` accepts arrives at a socket. socket(7), SO_ATTACH_FILTER
 * @throws TransportError when the system refuses
 */
export function attachFilter(libc: Libc, fd: number, program: Uint8Array): void {
  const { octets } = programMemory(libc, program);
  const { size } = libc.layout.program;
  libc.check(libc.call('setsockopt')(fd, SOL.SOCKET, SO.ATTACH_FILTER, octets, size));
}
