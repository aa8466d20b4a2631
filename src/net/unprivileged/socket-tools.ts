import type { Libc } from '../kernel/libc.ts';
import type { Receiver } from '../kernel/receiver.ts';
import type { InterestList } from './interest-list.ts';
import type { Outbox } from './outbox.ts';

/** What the sockets of a transport have in common. */
export interface SocketTools {
  readonly libc: Libc;
  readonly receiver: Receiver;
  readonly outbox: Outbox;
  readonly interests: InterestList;
  readonly dontRoute: boolean;
}
