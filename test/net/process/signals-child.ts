/** A program that catches one signal, says so, and goes on. It may be told to die of what it caught, or to catch none. */
import { dieOf, onEndSignal } from '../../../src/net/process/signals.ts';

const alive = setInterval(() => undefined, 1 << 30);
const cancel = onEndSignal((signal) => {
  process.stdout.write(`caught ${signal}\n`, () => {
    if (process.argv[2] !== 'and dies') return;
    clearInterval(alive);
    dieOf(signal);
  });
});
if (process.argv[2] === 'cancels') cancel();
process.stdout.write('ready\n');
