/** Writes standard output and standard error, and ends the process. */
import { writeSync } from 'node:fs';
import { basename } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import type { Ending } from '../../ports/world.ts';
import { loadedLibc } from '../linux/libc.ts';
import { dieOf } from './signals.ts';

/** Exit status of a program that wrote to a closed pipe: 128 plus SIGPIPE's number. */
const BROKEN_PIPE_STATUS = 141;

/** Exit status of a run whose output could not be written. */
const FAILED_STATUS = 1;

/** The streams that may have something left to write. */
const streaming: NodeJS.WriteStream[] = [];

/**
 * Ends the process once everything is written. If everything is, it ends at once: to end by itself takes Node 1 ms
 * more, and an orderly shutdown another.
 */
export function endProcess(ending: Ending): void {
  if (typeof ending === 'string') {
    void written().then(() => {
      dieOf(ending);
    });
    return;
  }
  process.exitCode = ending;
  if (streaming.length > 0) return;
  if (!isEndAwaited()) loadedLibc()?.call('_exit')(ending);
  process.exit();
}

/** Resolves when all that was given to the streams is written. */
async function written(): Promise<void> {
  await Promise.all(
    streaming.map(
      (stream) =>
        new Promise<void>((done) =>
          stream.write('', () => {
            done();
          }),
        ),
    ),
  );
}

/** True when somebody waits for an orderly end: a profiler, or a program that has loaded this. */
function isEndAwaited(): boolean {
  const { execArgv, env } = process;
  const { NODE_OPTIONS: options = '', NODE_V8_COVERAGE: coverage = '' } = env;
  return options !== '' || coverage !== '' || execArgv.length > 0 || process.listenerCount('exit') > 0;
}

/**
 * Makes a function that writes to a standard stream before it returns, as a program in C would. The first use of
 * process.stdout would take 4 ms. Node's stream takes over once a descriptor that does not block has no room. Where
 * standard output cannot be written, the process ends with one line about it; what standard error does not take is lost.
 * @param fd - 1 for standard output, 2 for standard error
 */
export function standardStream(fd: 1 | 2): (text: string) => void {
  const giveUp = fd === 1 ? endWithout : ignore;
  let write = (text: string): void => {
    const left = writeNow(fd, text, giveUp);
    if (!left) return;
    const stream = fd === 1 ? process.stdout : process.stderr;
    streaming.push(stream);
    stream.on('error', giveUp);
    stream.write(left);
    write = (more) => stream.write(more);
  };
  return (text) => {
    write(text);
  };
}

/**
 * Writes as much as there is room for. Returns the rest, if any; mostly there is none, and no copy is needed. What a
 * descriptor refuses for good goes to `giveUp`, and no rest is left.
 */
function writeNow(
  fd: number,
  text: string,
  giveUp: (error: NodeJS.ErrnoException) => void,
): Uint8Array | undefined {
  const length = Buffer.byteLength(text);
  let written = 0;
  const rest = (): Uint8Array => Buffer.from(text).subarray(written);
  try {
    written = writeSync(fd, text);
    while (written < length) written += writeSync(fd, rest());
  } catch (error) {
    const failure = error as NodeJS.ErrnoException; // writeSync throws nothing else
    if (failure.code === 'EAGAIN') return rest();
    giveUp(failure);
  }
  return undefined;
}

/** For standard error: the trace goes on, and there is nobody to tell. */
function ignore(): void {
  // nothing is left to do
}

/**
 * Ends the process, and with it its sockets, because its output is lost. In silence when nobody reads any more, as
 * SIGPIPE would, which Node ignores.
 */
function endWithout({ code, errno, message }: NodeJS.ErrnoException): never {
  if (code === 'EPIPE') process.exit(BROKEN_PIPE_STATUS);
  const [, reason] = getSystemErrorMap().get(errno ?? 0) ?? ['', message];
  const program = basename(process.argv[1] ?? '', '.js');
  writeNow(2, `${program}: cannot write standard output: ${reason}\n`, ignore);
  process.exit(FAILED_STATUS);
}
