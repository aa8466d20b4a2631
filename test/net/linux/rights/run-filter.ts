/** Runs a filter of system calls as the kernel would. linux/filter.h, linux/seccomp.h */
import assert from 'node:assert/strict';

/** What a filter looks at. Arguments that are absent are 0. */
export interface Call {
  readonly architecture: number;
  readonly number: number;
  readonly arguments?: readonly number[];
}

/** Codes of the instructions that filters here are made of. */
const CODE = { load: 0x20, and: 0x54, ifEqual: 0x15, ifAtLeast: 0x35, ifSet: 0x45, answer: 0x06 } as const;

/** The answer of the program, 32 bits. Fails on an instruction that the kernel would refuse. */
export function runFilter(program: Uint8Array, call: Call): number {
  const view = new DataView(program.buffer, program.byteOffset, program.length);
  const data = encode(call);
  let accumulator = 0;
  for (let at = 0; ; at += 8) {
    assert.ok(at < program.length, 'the program does not end');
    const operand = view.getUint32(at + 4, true);
    const jump = (holds: boolean): void => {
      at += 8 * view.getUint8(at + (holds ? 2 : 3));
    };
    switch (view.getUint16(at, true)) {
      case CODE.load:
        accumulator = data.getUint32(operand, true);
        break;
      case CODE.and:
        accumulator = (accumulator & operand) >>> 0;
        break;
      case CODE.ifEqual:
        jump(accumulator === operand);
        break;
      case CODE.ifAtLeast:
        jump(accumulator >= operand);
        break;
      case CODE.ifSet:
        jump((accumulator & operand) !== 0);
        break;
      case CODE.answer:
        return operand;
      default:
        assert.fail(`instruction ${at / 8} is unknown`);
    }
  }
}

/** struct seccomp_data. */
function encode({ architecture, number, arguments: values = [] }: Call): DataView {
  const view = new DataView(new ArrayBuffer(64));
  view.setUint32(0, number, true);
  view.setUint32(4, architecture, true);
  for (const [index, value] of values.entries()) view.setBigInt64(16 + 8 * index, BigInt(value), true);
  return view;
}
