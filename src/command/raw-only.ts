/** What only raw sockets can do. */
import type { ProbeType } from '../engine/probe-type.ts';
import type { Plan, ProbeRequest } from '../model/plan.ts';
import { IP_PROTOCOL } from '../wire/ip-protocol.ts';
import { TCP_FLAG } from '../wire/tcp.ts';

const { icmp, icmpv6, tcp, udp, udplite } = IP_PROTOCOL;
/** Those that a system has other sockets for. */
const SOCKET_PROTOCOLS: ReadonlySet<number> = new Set([icmp, icmpv6, tcp, udp, udplite]);
/** RFC 3168 section 5. */
const ECN_MASK = 3;

/** The option of a plan, as the user gave it, that takes a raw socket; undefined when none does. */
export function rawOnlyOption(plan: Plan, types: readonly ProbeType[]): string | undefined {
  const { gateways, display, tos, checksums, socketDebug, matrix } = plan;
  const probes = matrix?.probes.map(({ probe }) => probe) ?? [plan.probe];
  const wanted: readonly (readonly [isWanted: boolean, option: string])[] = [
    ...probes.map((probe) => [!hasSocket(probe, types), `-P ${probe.protocol || probe.name}`] as const),
    [gateways.length > 0, '-g'],
    [display.octets, '-D'],
    [display.ecn, '-E'],
    [(tos & ECN_MASK) !== 0, '-t with an ECN field'],
    [!checksums && probes.some(({ name }) => name !== 'udp'), '-x'],
    [socketDebug, '-d'],
    ...probes.filter(({ name }) => name === 'tcp').flatMap((probe) => beyondConnect(plan, probe)),
  ];
  return wanted.find(([isWanted]) => isWanted)?.[1];
}

function hasSocket({ name, protocol }: ProbeRequest, types: readonly ProbeType[]): boolean {
  const type = types.find((candidate) => candidate.name === name);
  return type !== undefined && SOCKET_PROTOCOLS.has(type.ipProtocol(4, protocol));
}

/** What a connect does not send: other control bits than SYN, data, and all probes from one port at once. */
function beyondConnect({ length, sourcePort, translation }: Plan, { tcpFlags }: ProbeRequest) {
  return [
    [(tcpFlags & TCP_FLAG.ack) !== 0, '-A'],
    [(tcpFlags & TCP_FLAG.ece) !== 0, '-E'],
    [tcpFlags !== TCP_FLAG.syn, 'TCP control bits besides SYN'],
    [length !== undefined, 'a packet length'],
    [sourcePort !== undefined, '-p'],
    [translation === 'report', '--dnat'],
  ] as const;
}
