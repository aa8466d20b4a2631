/** Writes more to a pipe than it holds, through the program's own standard output. The pipe does not block. */
import { endProcess, standardStream } from '../../../src/net/process/standard-streams.ts';

const LINE_LENGTH = 1000;

process.stdout.on('error', () => undefined); // opening it makes the pipe one that does not block
const write = standardStream(1);
for (let line = 0; line < 2000; line++) write(`${String(line).padEnd(LINE_LENGTH - 1, '.')}\n`);
endProcess(7);
