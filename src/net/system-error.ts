import { getSystemErrorMap } from 'node:util';
import { TransportError, type SystemErrorCode } from '../model/errors.ts';

/** The GNU C library's English texts. raw-socket tells a failure by them alone, and Node's errors leave them out. */
const TEXT_OF_CODE: Readonly<Record<SystemErrorCode, string>> = {
  EACCES: 'Permission denied',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  ECONNREFUSED: 'Connection refused',
  ETIMEDOUT: 'Connection timed out',
  EAFNOSUPPORT: 'Address family not supported by protocol',
  EAGAIN: 'Resource temporarily unavailable',
  EHOSTUNREACH: 'No route to host',
  EINVAL: 'Invalid argument',
  EMFILE: 'Too many open files',
  EMSGSIZE: 'Message too long',
  ENETDOWN: 'Network is down',
  ENETUNREACH: 'Network is unreachable',
  ENFILE: 'Too many open files in system',
  ENOBUFS: 'No buffer space available',
  ENODEV: 'No such device',
  EPERM: 'Operation not permitted',
  UNKNOWN: 'Unknown error',
};
/** The texts of macOS and the BSDs that differ. sys_errlist of their C libraries */
const BSD_TEXTS: readonly (readonly [string, SystemErrorCode])[] = [
  ["Can't assign requested address", 'EADDRNOTAVAIL'],
  ['Address family not supported by protocol family', 'EAFNOSUPPORT'],
  ['Operation not supported by device', 'ENODEV'],
];

/** Makes an error with a code from one whose message is the system's own text. */
export function errorOfText(error: unknown): TransportError {
  const reason = error instanceof Error ? error.message : String(error);
  const texts = [...Object.entries(TEXT_OF_CODE).map(([code, text]) => [text, code] as const), ...BSD_TEXTS];
  const [, code = 'UNKNOWN'] = texts.find(([text]) => text === reason) ?? [];
  return new TransportError(code as SystemErrorCode, reason, { cause: error }); // entries forgets the keys
}

/** Makes an error with the system's own text from one of Node's that has a code. */
export function errorOfCode(error: NodeJS.ErrnoException): TransportError {
  const code = Object.keys(TEXT_OF_CODE).find((known) => known === error.code) as SystemErrorCode | undefined; // keys forgets them
  return new TransportError(code ?? 'UNKNOWN', code ? TEXT_OF_CODE[code] : error.message, { cause: error });
}

/** Makes an error with the system's own text from a positive number of errno(3). */
export function errorOfNumber(errno: number): TransportError {
  const [code, message] = getSystemErrorMap().get(-errno) ?? ['UNKNOWN', `error ${errno}`];
  return errorOfCode(Object.assign(new Error(message), { code }));
}
