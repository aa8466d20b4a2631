/** Shows that coverage leads: no chance finds these four octets in a row, and each one alone is found soon. */
import type { Target } from '../target.ts';

export const ladder: Target = {
  name: 'ladder',
  seeds: [new Uint8Array(4)],
  words: [],
  largest: 8,
  run: (input) => {
    const at = input.indexOf(0xe1);
    if (at < 0) return;
    if (input[at + 1] !== 0x2f) return;
    if (input[at + 2] !== 0x87) return;
    if (input[at + 3] === 0xc4) throw new Error('the end of the ladder');
  },
};
