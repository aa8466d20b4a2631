import type { RawOptions } from '../../ports/transport.ts';
import type { Libc } from '../linux/libc.ts';
import type { MessageReader } from '../linux/message-reader.ts';
import type { InterestList } from '../linux/interest-list.ts';
import type { Outbox } from './outbox.ts';

/** What routing is told of all sockets of a run. */
export type SocketRouting = Pick<RawOptions, 'dontRoute' | 'device' | 'mark'>;

/** The tools that all sockets of one transport share. */
export interface SocketTools {
  readonly libc: Libc;
  readonly reader: MessageReader;
  readonly outbox: Outbox;
  readonly interests: InterestList;
  readonly routing: SocketRouting;
}
