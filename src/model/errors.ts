/** How the user is helped beside the message. */
export interface UsageHint {
  /** The long option that does not exist. */
  readonly unknownOption?: string;
  /** Show the usage text. */
  readonly showUsage?: boolean;
}

/** The user asked for what cannot be; the message is without the program's name, and may be empty. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: UsageHint;

  constructor(message: string, hint: UsageHint = {}) {
    super(message);
    this.hint = hint;
  }
}

/** A name that has no address. */
export class ResolveError extends Error {
  override readonly name = 'ResolveError';
}

/** What a system call on a socket answered, by the name the C library gives it. */
export type SystemErrorCode =
  | 'EACCES'
  | 'EAGAIN'
  | 'EADDRINUSE'
  | 'EADDRNOTAVAIL'
  | 'EAFNOSUPPORT'
  | 'EHOSTUNREACH'
  | 'EINVAL'
  | 'EMSGSIZE'
  | 'ENETDOWN'
  | 'ENETUNREACH'
  | 'ENOBUFS'
  | 'ENODEV'
  | 'EPERM'
  | 'UNKNOWN';

/** How the right to raw sockets is got, as the end of a message. */
export const HOW_TO_GET_RIGHT = 'run as root, or setcap cap_net_raw+ep "$(readlink -f "$(which node)")"';

/** A socket that cannot be opened, or a send that the system refused. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: SystemErrorCode;

  /** @param reason - the system's own words: `Network is unreachable` */
  constructor(code: SystemErrorCode, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.code = code;
  }
}
