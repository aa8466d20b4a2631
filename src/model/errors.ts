import { oneLine } from './printable.ts';

/** Help for the user besides the message. */
export interface UsageHint {
  /** The option that does not exist, with its dashes. */
  readonly unknownOption?: string;
  /** True: the usage text is shown too. */
  readonly showUsage?: boolean;
  /** One line that follows the usage text. It lacks the program's name. */
  readonly afterUsage?: string;
}

/** An error of the user or of the system. Its message is one line and holds nothing that a terminal would obey. */
class ToldError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(oneLine(message), options);
  }
}

/** The user asked for something impossible. The message lacks the program's name, and may be empty. */
export class UsageError extends ToldError {
  override readonly name = 'UsageError';
  readonly hint: UsageHint;

  constructor(message: string, hint: UsageHint = {}) {
    super(message);
    this.hint = hint;
  }
}

/** A name has no address. */
export class ResolveError extends ToldError {
  override readonly name = 'ResolveError';
}

/** The error of a system call on a socket, by its name in the C library. */
export type SystemErrorCode =
  | 'EACCES'
  | 'EAGAIN'
  | 'EADDRINUSE'
  | 'EADDRNOTAVAIL'
  | 'ECONNREFUSED'
  | 'ETIMEDOUT'
  | 'EAFNOSUPPORT'
  | 'EHOSTUNREACH'
  | 'EINVAL'
  | 'EMFILE'
  | 'EMSGSIZE'
  | 'ENETDOWN'
  | 'ENETUNREACH'
  | 'ENFILE'
  | 'ENOBUFS'
  | 'ENODEV'
  | 'EPERM'
  | 'UNKNOWN';

/** Tells the user how to get the right to raw sockets. */
const HOW_TO_GET_RIGHT = 'run as root, or give it the right as in traceroute(8), RIGHTS';

/**
 * The message that raw sockets are denied, and how to get them.
 * @param code - EACCES: the ping socket that would do is denied too
 */
function rawSocketDenied(code: 'EPERM' | 'EACCES'): string {
  const orElse = code === 'EACCES' ? ', or put your group in net.ipv4.ping_group_range' : '';
  return `cannot open a raw socket: ${code} (${HOW_TO_GET_RIGHT}${orElse})`;
}

/** The system refused to open a socket or to send. */
export class TransportError extends ToldError {
  override readonly name: string = 'TransportError';
  readonly code: SystemErrorCode;

  /** @param reason - the system's own words, such as `Network is unreachable` */
  constructor(code: SystemErrorCode, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.code = code;
  }
}

/** True for the error of a process or a system that has as many files open as it may. */
export function isOutOfFiles(error: unknown): boolean {
  return error instanceof TransportError && (error.code === 'EMFILE' || error.code === 'ENFILE');
}

/** The user lacks the right to a socket, a port or a send. The message says how to get it. */
export class MissingRightError extends TransportError {
  override readonly name = 'MissingRightError';

  /**
   * @param what - the option, the probe, or the part of it that takes the right; undefined where all probes do
   * @param code - EACCES where the right is to something besides raw sockets
   * @param how - what is denied, and how to get it; raw sockets when absent
   */
  constructor(what: string | undefined, code: 'EPERM' | 'EACCES', how = rawSocketDenied(code)) {
    super(code, what === undefined ? how : `${what}: ${how}`);
  }
}
