/** A program that catches one signal, says so, and goes on; then, with an argument, dies of what it caught. */
import { dieOf, onEndSignal } from '../../../src/net/process/signals.ts';

const alive = setInterval(() => undefined, 1 << 30);
onEndSignal((signal) => {
  process.stdout.write(`caught ${signal}\n`, () => {
    if (process.argv[2] === undefined) return;
    clearInterval(alive);
    dieOf(signal);
  });
});
process.stdout.write('ready\n');
