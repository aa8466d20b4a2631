/** Standard output and standard error. */
import { writeSync } from 'node:fs';
import { loadedLibc } from '../linux/libc.ts';

/** Exit status of a program that wrote to a closed pipe: 128 and SIGPIPE's number. */
const BROKEN_PIPE_STATUS = 141;

/** Whether a stream may have something left to write. */
let isStreaming = false;

/**
 * Ends the process, once everything is written; at once, where it is: to end by itself takes Node 1 ms more, and to take
 * itself apart in an orderly way another.
 */
export function endProcess(status: number): void {
  process.exitCode = status;
  if (isStreaming) return;
  if (!isEndAwaited()) loadedLibc()?.call('_exit')(status);
  process.exit();
}

/** Whether somebody wants to know of the end: a profiler, or whoever has loaded this. */
function isEndAwaited(): boolean {
  const { execArgv, env } = process;
  const { NODE_OPTIONS: options = '', NODE_V8_COVERAGE: coverage = '' } = env;
  return options !== '' || coverage !== '' || execArgv.length > 0 || process.listenerCount('exit') > 0;
}

/**
 * A function that writes to a standard stream before it returns, as a program in C would: the first use of
 * process.stdout takes 4 ms. Where the descriptor has been set not to block and has no room, Node's stream takes over.
 */
export function standardStream(fd: 1 | 2): (text: string) => void {
  let write = (text: string): void => {
    const left = writeNow(fd, text);
    if (!left) return;
    isStreaming = true;
    const stream = fd === 1 ? process.stdout : process.stderr;
    stream.on('error', giveUp);
    stream.write(left);
    write = (more) => stream.write(more);
  };
  return (text) => {
    write(text);
  };
}

/** Writes as much as there is room for; answers the rest, if there is any. Mostly there is none, nor a copy needed. */
function writeNow(fd: number, text: string): Uint8Array | undefined {
  const length = Buffer.byteLength(text);
  let written = 0;
  const rest = (): Uint8Array => Buffer.from(text).subarray(written);
  try {
    written = writeSync(fd, text);
    while (written < length) written += writeSync(fd, rest());
  } catch (error) {
    const failure = error as NodeJS.ErrnoException; // writeSync throws nothing else
    if (failure.code !== 'EAGAIN') giveUp(failure);
  }
  return written < length ? rest() : undefined;
}

/** Ends as SIGPIPE ends a program, which Node ignores, when nobody reads any more. */
function giveUp(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit(BROKEN_PIPE_STATUS);
  throw error;
}
