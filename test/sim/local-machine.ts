/** The tracer's own machine: it refuses to send a datagram, answers it itself, or lets it out. */
import { addressOf, familyOf, withoutZone } from '../../src/model/address.ts';
import { TransportError, type SystemErrorCode } from '../../src/model/errors.ts';
import type { NetworkInterface, RouteQuestion, RouteRefusal, RouteReply } from '../../src/ports/machine.ts';
import type { Datagram } from './datagram.ts';
import { matches } from './filter.ts';
import { answerOfHost } from './host.ts';
import { droppedOutput } from './local-firewall.ts';
import type { HostFormat, Matcher, PathFormat } from './path-format.ts';

/** Of Ethernet. RFC 894. */
const DEFAULT_MTU = 1500;
const DEFAULT_TTL = 64;
/** Linux without a server: it knows UDP-Lite, and every port is closed. */
const OWN_HOST: HostFormat = { udplite_default: 'closed' };
const LOOPBACK = /^(?:127\.|::1$)/;

/** Lists the addresses of a path's tracer, those of loopback left out. */
/** The addresses of the tracer's interface. */
export function ownAddresses({ src, src6, extra_src: others = [] }: PathFormat): string[] {
  return [src, ...(src6 === undefined ? [] : [src6]), ...others];
}

/** Tells whether an address is of loopback: 127.0.0.0/8 or ::1. */
function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}

/** The tracer's machine, as its path describes it. */
export class LocalMachine {
  readonly #path: PathFormat;
  readonly #own: ReadonlySet<string>;
  readonly #dropped: readonly Matcher[];
  readonly #dontRoute: boolean;

  /** @param dontRoute - whether only hosts on the attached network may be sent to */
  constructor(path: PathFormat, dontRoute = false) {
    this.#path = path;
    this.#own = new Set(ownAddresses(path));
    this.#dropped = droppedOutput(path.nft ?? []);
    this.#dontRoute = dontRoute;
  }

  /** Gives the error of the system call that would send this datagram; undefined when it goes out. */
  refusalOf(datagram: Datagram, dontFragment: boolean): TransportError | undefined {
    const { mtu = DEFAULT_MTU, gateway } = this.#path;
    if (this.#dropped.some((matcher) => matches(matcher, datagram))) {
      return new TransportError('EPERM', 'Operation not permitted');
    }
    if (dontFragment && datagram.octets.length > mtu)
      return new TransportError('EMSGSIZE', 'Message too long');
    if (this.#dontRoute && gateway !== undefined && !this.isOwn(addressOf(datagram.destination))) {
      return new TransportError('ENETUNREACH', 'Network is unreachable');
    }
    return undefined;
  }

  /** Lists the interfaces: loopback, and the one towards the path. */
  get interfaces(): readonly NetworkInterface[] {
    return [
      { name: 'lo', addresses: ['127.0.0.1', '::1'] },
      { name: 'tun0', index: 7, addresses: ownAddresses(this.#path) },
    ];
  }

  /** Finds the way of a flow's packets: what is for others leaves by the interface of the path. */
  routeTo({ destination, source, device }: RouteQuestion): RouteReply {
    const { src, src6, gateway } = this.#path;
    const asked = this.interfaces.find(({ name }) => name === device);
    if (device !== undefined && !asked) return refused('no-device', 'ENODEV', 'No such device');
    const isForUs = this.isOwn(destination);
    if (source !== undefined && isLoopback(source) && !isForUs) {
      return refused('loopback-source', 'EINVAL', 'Invalid argument');
    }
    const outside = familyOf(destination) === 4 ? src : src6;
    const own = isForUs ? withoutZone(destination) : outside;
    if (own === undefined) return refused('no-route', 'ENETUNREACH', 'Network is unreachable');
    const name = isForUs ? 'lo' : 'tun0';
    const next = gateway !== undefined && !isForUs ? { gateway } : {};
    return { route: { source: source ?? own, device: () => name, ...next, isGuess: false } };
  }

  /** Tells whether an address is the machine's own. */
  isOwn(address: string): boolean {
    return this.#own.has(address) || isLoopback(address);
  }

  /** Gives the machine's answer to a datagram for itself; undefined when it is for the path. */
  answerTo(datagram: Datagram): Uint8Array[] | undefined {
    if (!this.isOwn(addressOf(datagram.destination))) return undefined;
    return answerOfHost({
      host: OWN_HOST,
      arrived: datagram,
      addressed: datagram,
      replyTtl: DEFAULT_TTL,
    });
  }
}

function refused(refusal: RouteRefusal, code: SystemErrorCode, message: string): RouteReply {
  return { refusal, error: new TransportError(code, message) };
}
