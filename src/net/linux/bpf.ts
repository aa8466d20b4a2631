/** Programs of classic Berkeley packet filters, as the kernel takes them. linux/filter.h */
import type { KernelMemory, Libc } from './libc.ts';

const INSTRUCTION_SIZE = 8;

/** struct sock_filter. */
export interface Instruction {
  /** Class, size and mode joined. */
  readonly code: number;
  /** Instructions to skip, 0 to 255, where the comparison holds. */
  readonly ifTrue: number;
  /** And where it does not. */
  readonly ifFalse: number;
  readonly operand: number;
}

/** The program as an array of struct sock_filter. */
export function encodeProgram(program: readonly Instruction[]): Uint8Array {
  const octets = new Uint8Array(program.length * INSTRUCTION_SIZE);
  const view = new DataView(octets.buffer);
  for (const [index, { code, ifTrue, ifFalse, operand }] of program.entries()) {
    const at = index * INSTRUCTION_SIZE;
    view.setUint16(at, code, true);
    view.setUint8(at + 2, ifTrue);
    view.setUint8(at + 3, ifFalse);
    view.setUint32(at + 4, operand, true);
  }
  return octets;
}

/** struct sock_fprog, and the program that it points to. */
export function programMemory(libc: Libc, program: Uint8Array): KernelMemory {
  const { size, length, instructions } = libc.layout.program;
  const memory = libc.allocate(size + program.length);
  memory.view.setUint16(length, program.length / INSTRUCTION_SIZE, true);
  memory.view.setBigUint64(instructions, memory.address + BigInt(size), true);
  memory.octets.set(program, size);
  return memory;
}
