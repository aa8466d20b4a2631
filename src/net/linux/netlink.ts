/** A socket over which the kernel is asked about routes. It answers within the send, and needs no right. netlink(7) */
import type { Family } from '../../model/address.ts';
import { AF, ERRNO, MSG, SOCK, SOL } from './constants.ts';
import type { KernelMemory, Libc } from './libc.ts';
import { decodeLink, encodeLinkRequest, type Link } from './link.ts';
import { messagesOf, NETLINK, type NetlinkMessage } from './netlink-message.ts';
import { decodeRouteAnswer, type RouteAnswer } from './route-answer.ts';
import { encodeRouteRequest, type RouteQuery } from './route-request.ts';
import { RouteChoices } from './route-choices.ts';
import { encodeRoutesRequest } from './route-dump.ts';
import { encodeRulesRequest } from './rules.ts';

const NETLINK_ROUTE = 0;
/** Has the kernel heed all of a question, or refuse it. linux/netlink.h */
const NETLINK_GET_STRICT_CHK = 12;
/** Octets of the largest piece of an answer. NLMSG_GOODSIZE of linux/netlink.h, at most */
const ANSWER_LENGTH = 32_768;
const REQUEST_LENGTH = 256;

/** Octets of a dump of routes that are read: those of some hundreds. */
const MOST_ROUTES_LENGTH = 65_536;

/** Asks one question at a time. */
export class Netlink {
  /** What makes this machine choose among ways. */
  readonly choices = new RouteChoices(this);
  readonly #libc: Libc;
  #fd: number;
  readonly #request: KernelMemory;
  readonly #answer: KernelMemory;
  readonly #sendto;
  readonly #recv;

  /** @throws TransportError when the system refuses a socket */
  constructor(libc: Libc) {
    this.#libc = libc;
    this.#request = libc.allocate(REQUEST_LENGTH);
    this.#answer = libc.allocate(ANSWER_LENGTH);
    this.#sendto = libc.call('sendto');
    this.#recv = libc.call('recv');
    this.#fd = this.#open();
  }

  /** The route of a flow. @throws TransportError when the system refuses the socket's use */
  route(query: RouteQuery): RouteAnswer {
    const [message] = this.#ask(encodeRouteRequest(query));
    return decodeRouteAnswer(message);
  }

  /** The interface of an index or a name; undefined when there is none. @throws TransportError as `route` does */
  link(which: number | string): Link | undefined {
    const [message] = this.#ask(encodeLinkRequest(which));
    return decodeLink(message);
  }

  /** True where `holds` is of a routing rule of the family. @throws TransportError as `route` does */
  hasRule(family: Family, holds: (rule: NetlinkMessage) => boolean): boolean {
    return this.#hasAny(encodeRulesRequest(family), holds) ?? true;
  }

  /**
   * True where `holds` is of a route of the family, in any table; undefined when there are too many to look through.
   * @throws TransportError as `route` does
   */
  hasRoute(family: Family, holds: (route: NetlinkMessage) => boolean): boolean | undefined {
    return this.#hasAny(encodeRoutesRequest(family), holds, MOST_ROUTES_LENGTH);
  }

  /** May be called once. */
  close(): void {
    this.#libc.call('close')(this.#fd);
  }

  #open(): number {
    const type = SOCK.RAW | SOCK.NONBLOCK | SOCK.CLOEXEC;
    const fd = this.#libc.check(this.#libc.call('socket')(AF.NETLINK, type, NETLINK_ROUTE));
    try {
      this.#libc.setOption(fd, SOL.NETLINK, NETLINK_GET_STRICT_CHK, 1);
    } catch {
      // before Linux 4.20 there is no such option, and all of a question is heeded anyway
    }
    return fd;
  }

  /** Looks through a dump. Undefined where more than `most` octets did not tell. */
  #hasAny(
    request: Uint8Array,
    holds: (message: NetlinkMessage) => boolean,
    most = Infinity,
  ): boolean | undefined {
    let length = 0;
    for (let messages = this.#ask(request); messages.length > 0; messages = this.#read()) {
      for (const message of messages) {
        if (message.type === NETLINK.DONE || message.type === NETLINK.ERROR) return false;
        length += message.body.byteLength;
        if (length <= most && !holds(message)) continue;
        this.#giveUp();
        return length > most ? undefined : true;
      }
    }
    return false;
  }

  /** Leaves the rest of a dump: the kernel takes no other question until it is read, or its socket is closed. */
  #giveUp(): void {
    this.close();
    this.#fd = this.#open();
  }

  #ask(request: Uint8Array): NetlinkMessage[] {
    this.#request.octets.set(request);
    this.#libc.check(this.#sendto(this.#fd, this.#request.octets, request.length, 0, null, 0));
    return this.#read();
  }

  #read(): NetlinkMessage[] {
    const { octets } = this.#answer;
    const length = this.#recv(this.#fd, octets, octets.length, MSG.DONTWAIT);
    if (length === -ERRNO.AGAIN) return [];
    return messagesOf(octets.slice(0, this.#libc.check(length)));
  }
}

let shared: Netlink | undefined;

/** The one such socket of this process. @throws TransportError when the system refuses it */
export function sharedNetlink(libc: Libc): Netlink {
  shared ??= new Netlink(libc);
  return shared;
}
