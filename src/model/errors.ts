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

/** How the right to raw sockets is got. */
const HOW_TO_GET_RIGHT = 'run as root, or setcap cap_net_raw+ep "$(readlink -f "$(which node)")"';

/** That a raw socket is denied, and how to get it; EACCES: so is the ping socket that would do. */
export function rawSocketDenied(code: 'EPERM' | 'EACCES'): string {
  const orElse = code === 'EACCES' ? ', or put your group in net.ipv4.ping_group_range' : '';
  return `cannot open a raw socket: ${code} (${HOW_TO_GET_RIGHT}${orElse})`;
}

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

/** A send for which the user has not the right; the message says how to get it. */
export class MissingRightError extends TransportError {
  /** @param what - the probe, or what about it takes a raw socket */
  constructor(what: string, code: 'EPERM' | 'EACCES') {
    super(code, `${what}: ${rawSocketDenied(code)}`);
  }
}
