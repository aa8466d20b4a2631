/** Reads the error queue of a socket, and the socket itself. ip(7), IP_RECVERR */
import { TransportError } from '../../model/errors.ts';
import { MSG } from './constants.ts';
import type { Message, MessageReader } from './message-reader.ts';
import { extendedErrorOf, type ExtendedError } from './extended-error.ts';

/** An ICMP error as a socket reports it. Its `source` is the quoted destination: where the probe went. */
export interface ErrorMessage extends Message {
  readonly error: ExtendedError;
}

/**
 * The ICMP errors that came since the last call, oldest first.
 * @throws TransportError when the socket has failed
 */
export function errorsOf(reader: MessageReader, fd: number): ErrorMessage[] {
  const errors: ErrorMessage[] = [];
  reader.drain(
    fd,
    (message, controls) => {
      const error = extendedErrorOf(controls);
      if (error) errors.push({ ...message, error });
    },
    MSG.ERRQUEUE,
  );
  return errors;
}

/** The messages that came since the last call, oldest first. */
export function messagesOf(reader: MessageReader, fd: number): Message[] {
  const messages: Message[] = [];
  try {
    reader.drain(fd, (message) => messages.push(message));
  } catch (error) {
    // an ICMP error that came this moment; it waits on the error queue too, so the socket is ready again
    if (!(error instanceof TransportError)) throw error;
  }
  return messages;
}
