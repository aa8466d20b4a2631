/** The user asked for what cannot be; the message is what the dialect prints, without the program's name. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
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
  | 'EHOSTUNREACH'
  | 'EINVAL'
  | 'EMSGSIZE'
  | 'ENETDOWN'
  | 'ENETUNREACH'
  | 'ENOBUFS'
  | 'ENODEV'
  | 'EPERM'
  | 'UNKNOWN';

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
