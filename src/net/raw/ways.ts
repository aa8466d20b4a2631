/**
 * Decides by which way a raw socket sends, so that a probe takes the way of real traffic of its flow. A raw send is
 * routed without ports, and without what its header says. docs/adr/0020
 */
import { addressOf } from '../../model/address.ts';
import type { OutgoingDatagram } from '../../ports/transport.ts';
import { equal, uint16At } from '../../wire/bytes.ts';
import { IP_PROTOCOL } from '../../wire/codes.ts';
import { nowMs } from '../monotonic-clock.ts';
import { callerUid } from '../process/caller.ts';
import { errorOfNumber } from '../system-error.ts';
import type { Netlink } from '../linux/netlink.ts';
import { routeOf } from '../host/routes.ts';
import type { KernelRoute, RouteAnswer } from '../linux/route-answer.ts';
import { asksForPorts, type RouteQuery } from '../linux/route-request.ts';
import { hasUntoldPorts, untoldPorts } from './untold-ports.ts';
import { steered, throughTunnel, told, type Way } from './way.ts';

/** What is known of the routes is asked for again after so long. */
const LIFETIME_MS = 1000;
/** Flows to one destination that are kept; an older one is asked for again. */
const MOST_FLOWS = 4096;

/** A way, and the datagram's fields for which it holds. */
interface Known {
  readonly way: Way;
  readonly untilMs: number;
}

/** What is known of one destination. */
interface Destination {
  readonly source: Uint8Array;
  readonly tos: number;
  /** True where all flows take the way that a plain send takes. */
  readonly isPlain: boolean;
  readonly untilMs: number;
  readonly flows: Map<string, Known>;
}

/** What holds for all datagrams of a transport. */
export interface WaySettings {
  /** The index of the interface that packets leave by; 0 for the system's choice. */
  readonly outInterface: number;
  readonly mark: number;
  /** The user who opened the sockets: the kernel routes their sends by it. */
  readonly socketUid: number | undefined;
}

/** Answers from what it knows, and asks the kernel for the rest. */
export class Ways {
  readonly #netlink: Netlink;
  readonly #settings: WaySettings;
  /** By the octets of the destination: each trace has its own, the same for all its probes. */
  #destinations = new WeakMap<Uint8Array, Destination>();
  #tellsProtocol = true;

  constructor(netlink: Netlink, settings: WaySettings) {
    this.#netlink = netlink;
    this.#settings = settings;
    netlink.choices.forget();
  }

  /** The way of a datagram. @throws TransportError when the kernel cannot be asked any more */
  of(datagram: OutgoingDatagram, scopeId: number): Way {
    const now = nowMs();
    const { family, source, tos, destination } = datagram;
    if (this.#isUsual(tos) && this.#netlink.choices.hasNone(family, now)) return BARE;
    let known = this.#destinations.get(destination);
    if (!known || known.untilMs < now || known.tos !== tos || known.source !== source) {
      known = this.#destination(datagram, now);
      this.#destinations.set(destination, known);
    }
    return known.isPlain ? BARE : this.#flow(datagram, scopeId, known, now);
  }

  /** Forgets all: a send has failed, or the kernel does not take what it was told. */
  forget(): void {
    this.#destinations = new WeakMap();
    this.#netlink.choices.forget();
  }

  /** Has no plain send tell its protocol any more, which Linux before 6.4 refuses in IPv4. Answers whether one did. */
  stopTelling(): boolean {
    const did = this.#tellsProtocol;
    this.#tellsProtocol = false;
    this.forget();
    return did;
  }

  #destination({ family, source, tos, destination }: OutgoingDatagram, now: number): Destination {
    const { choices } = this.#netlink;
    const isChosen = choices.hasRules(family, now) || choices.hasNextHops(family, destination, now);
    const isPlain = this.#isUsual(tos) && !isChosen;
    return { source, tos, isPlain, untilMs: now + LIFETIME_MS, flows: new Map() };
  }

  /** True for what every socket asks for. */
  #isUsual(tos: number): boolean {
    const { outInterface, mark } = this.#settings;
    return outInterface === 0 && mark === 0 && tos === 0;
  }

  #flow(datagram: OutgoingDatagram, scopeId: number, { flows }: Destination, now: number): Way {
    const { protocol, payload, flowLabel } = datagram;
    const ports = hasPorts(protocol) ? `${uint16At(payload, 0)} ${uint16At(payload, 2)}` : '';
    const key = `${protocol} ${flowLabel} ${ports}`;
    const known = flows.get(key);
    if (known && known.untilMs >= now) return known.way;
    const way = this.#withUntold(datagram, this.#ask(datagram, scopeId));
    if (flows.size >= MOST_FLOWS) flows.clear();
    flows.set(key, { way, untilMs: now + LIFETIME_MS });
    return way;
  }

  /** Adds to the way what becomes of ports that the kernel is not told. */
  #withUntold(datagram: OutgoingDatagram, way: Way): Way {
    if (way.kind === 'refused' || way.isAstray !== undefined || asksForPorts(datagram.protocol)) return way;
    const { family, destination } = datagram;
    const isAstray = untoldPorts(this.#netlink, datagram, () =>
      this.#netlink.choices.hasNextHops(family, destination, nowMs()),
    );
    return isAstray === undefined ? way : { ...way, isAstray };
  }

  #ask(datagram: OutgoingDatagram, scopeId: number): Way {
    const { family, source, destination, protocol, tos } = datagram;
    const wanted = routeOf(this.#netlink, this.#query(datagram, scopeId));
    if ('errno' in wanted) return { kind: 'refused', error: errorOfNumber(wanted.errno) };
    const plain = told({ family, source, destination, scopeId, protocol, tos });
    const { route } = wanted;
    if (route.kind !== 'unicast' || this.#takes(route, datagram, scopeId)) return plain;
    const way = this.#steer(route, datagram);
    if (way) return way;
    const isAstray = this.#inWords(datagram, route);
    return this.#tellsProtocol || family === 6 ? { ...plain, isAstray } : { ...BARE, isAstray };
  }

  /** True where a plain send, told the protocol, takes this route. */
  #takes(wanted: KernelRoute, datagram: OutgoingDatagram, scopeId: number): boolean {
    const { family, source, destination, protocol, tos } = datagram;
    if (family === 4 && !this.#tellsProtocol) return false;
    const { mark, socketUid } = this.#settings;
    const user = socketUid === undefined ? {} : { uid: socketUid };
    const query = { family, source, destination, protocol, tos, mark, outInterface: scopeId, ...user };
    return isSame(this.#netlink.route(query), wanted);
  }

  #query(datagram: OutgoingDatagram, scopeId: number): RouteQuery {
    const { family, source, destination, protocol, tos, flowLabel, payload } = datagram;
    const { mark, outInterface } = this.#settings;
    const ports = asksForPorts(protocol)
      ? { sourcePort: uint16At(payload, 0), destinationPort: uint16At(payload, 2) }
      : {};
    const interfaceOf = outInterface > 0 ? outInterface : scopeId;
    return {
      family,
      source,
      destination,
      protocol,
      tos,
      ...(family === 6 ? { flowLabel } : {}), // IPv4 has none, and the kernel refuses to be asked
      mark,
      outInterface: interfaceOf,
      ...ports,
      uid: callerUid(),
    };
  }

  /** Undefined where a raw socket cannot be made to take this route. */
  #steer(route: KernelRoute, { family, source, destination }: OutgoingDatagram): Way | undefined {
    const { gateway, outInterface, isWrapped, viaOtherFamily } = route;
    if (isWrapped || viaOtherFamily) return undefined;
    const nextHop = gateway ?? destination;
    if (family === 4 && !gateway) return steered(4, nextHop, outInterface);
    if (this.#isOnLink(family, nextHop, outInterface)) return steered(family, nextHop, outInterface);
    const isTunnel = !gateway && this.#netlink.link(outInterface)?.hasNoNeighbours === true;
    return isTunnel ? throughTunnel(source, outInterface) : undefined;
  }

  /** True where the kernel sends what is for this address by the interface, to itself and to no gateway. */
  #isOnLink(family: 4 | 6, destination: Uint8Array, outInterface: number): boolean {
    const answer = this.#netlink.route({ family, destination, outInterface });
    return 'route' in answer && answer.route.outInterface === outInterface && !answer.route.gateway;
  }

  /** The flow's own way, which a raw socket does not take. */
  #inWords({ protocol, payload }: OutgoingDatagram, { outInterface, gateway }: KernelRoute): string {
    const device = this.#netlink.link(outInterface)?.name ?? String(outInterface);
    const name = NAMES[protocol] ?? `protocol ${protocol}`;
    const port = asksForPorts(protocol) ? ` port ${uint16At(payload, 2)}` : '';
    const via = gateway ? ` via ${addressOf(gateway)}` : '';
    return `${name}${port} leaves by ${device}${via}, where raw probes cannot be sent`;
  }
}

/** True where a machine may route by the ports of this protocol. */
function hasPorts(protocol: number): boolean {
  return asksForPorts(protocol) || hasUntoldPorts(protocol);
}

const BARE = { kind: 'bare' } as const satisfies Way;
const NAMES: Readonly<Record<number, string>> = {
  [IP_PROTOCOL.icmp]: 'ICMP',
  [IP_PROTOCOL.icmpv6]: 'ICMPv6',
  [IP_PROTOCOL.tcp]: 'TCP',
  [IP_PROTOCOL.udp]: 'UDP',
};

function isSame(answer: RouteAnswer, wanted: KernelRoute): boolean {
  if (!('route' in answer)) return false;
  const { outInterface, gateway, viaOtherFamily } = answer.route;
  if (outInterface !== wanted.outInterface || viaOtherFamily !== wanted.viaOtherFamily) return false;
  return gateway && wanted.gateway ? equal(gateway, wanted.gateway) : gateway === wanted.gateway;
}
