import { getSystemErrorMap } from 'node:util';
import { TransportError, type SystemErrorCode } from '../model/errors.ts';

/** The C library's English texts: all by which raw-socket tells what failed, and what Node leaves out. */
const TEXT_OF_CODE: Readonly<Record<SystemErrorCode, string>> = {
  EACCES: 'Permission denied',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EAFNOSUPPORT: 'Address family not supported by protocol',
  EAGAIN: 'Resource temporarily unavailable',
  EHOSTUNREACH: 'No route to host',
  EINVAL: 'Invalid argument',
  EMSGSIZE: 'Message too long',
  ENETDOWN: 'Network is down',
  ENETUNREACH: 'Network is unreachable',
  ENOBUFS: 'No buffer space available',
  ENODEV: 'No such device',
  EPERM: 'Operation not permitted',
  UNKNOWN: 'Unknown error',
};
const CODE_OF_TEXT = new Map(
  Object.entries(TEXT_OF_CODE).map(([code, text]) => [text, code as SystemErrorCode]),
); // entries forgets the keys

/** The error with its code, from one whose message is the system's own text. */
export function errorOfText(error: unknown): TransportError {
  const reason = error instanceof Error ? error.message : String(error);
  return new TransportError(CODE_OF_TEXT.get(reason) ?? 'UNKNOWN', reason, { cause: error });
}

/** The error with the system's own text, from one of Node's that has a code. */
export function errorOfCode(error: NodeJS.ErrnoException): TransportError {
  const code = Object.keys(TEXT_OF_CODE).find((known) => known === error.code) as SystemErrorCode | undefined; // keys forgets them
  return new TransportError(code ?? 'UNKNOWN', code ? TEXT_OF_CODE[code] : error.message, { cause: error });
}

/** The error with the system's own text, from a number of errno(3). */
export function errorOfNumber(errno: number): TransportError {
  const [code, message] = getSystemErrorMap().get(-errno) ?? ['UNKNOWN', `error ${errno}`];
  return errorOfCode(Object.assign(new Error(message), { code }));
}
