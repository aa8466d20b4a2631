import type { Libc } from '../linux/libc.ts';
import type { MessageReader } from '../linux/message-reader.ts';
import type { InterestList } from '../linux/interest-list.ts';
import type { Outbox } from './outbox.ts';

/** The tools that all sockets of one transport share. */
export interface SocketTools {
  readonly libc: Libc;
  readonly reader: MessageReader;
  readonly outbox: Outbox;
  readonly interests: InterestList;
  readonly dontRoute: boolean;
}
