/** What only raw sockets can do. */
import type { ProbeType } from '../engine/probe-type.ts';
import type { Plan, ProbeRequest } from '../model/plan.ts';
import { ECN_MASK, IP_PROTOCOL, TCP_FLAG } from '../wire/codes.ts';

const { icmp, icmpv6, tcp, udp, udplite } = IP_PROTOCOL;
/** Those that a system has other sockets for. */
const SOCKET_PROTOCOLS: ReadonlySet<number> = new Set([icmp, icmpv6, tcp, udp, udplite]);

/** An option that may have been given, and whether it was. */
type Wish = readonly [isWanted: boolean, option: string];

/**
 * The option of a plan, as the user gave it, that takes a raw socket; undefined when none does. Of a matrix, those
 * of single probes count only when there is one for every probe: the others can be had.
 */
export function rawOnlyOption(plan: Plan, types: readonly ProbeType[]): string | undefined {
  const probes = plan.matrix?.probes.map(({ probe }) => probe) ?? [plan.probe];
  const ofRun = firstWanted(wishesOfRun(plan, probes));
  const ofProbes = probes.map((probe) => firstWanted(wishesOfProbe(plan, probe, types)));
  return ofRun ?? (ofProbes.includes(undefined) ? undefined : ofProbes[0]);
}

function firstWanted(wishes: readonly Wish[]): string | undefined {
  return wishes.find(([isWanted]) => isWanted)?.[1];
}

function wishesOfRun(plan: Plan, probes: readonly ProbeRequest[]): Wish[] {
  const { gateways, display, tos, checksums, socketDebug, translation } = plan;
  return [
    [gateways.length > 0, '-g'],
    [display.octets, '-D'],
    [display.ecn, '-E'],
    [(tos & ECN_MASK) !== 0, '-t with an ECN field'],
    [!checksums && probes.some(({ name }) => name !== 'udp'), '-x'],
    [socketDebug, '-d'],
    [translation === 'report' && probes.some(({ name }) => name === 'tcp'), '--dnat'],
  ];
}

function wishesOfProbe(plan: Plan, probe: ProbeRequest, types: readonly ProbeType[]): Wish[] {
  return [
    [!hasSocket(probe, types), `-P ${probe.protocol || probe.name}`],
    ...(probe.name === 'tcp' ? beyondConnect(plan, probe) : []),
  ];
}

function hasSocket({ name, protocol }: ProbeRequest, types: readonly ProbeType[]): boolean {
  const type = types.find((candidate) => candidate.name === name);
  return type !== undefined && SOCKET_PROTOCOLS.has(type.ipProtocol(4, protocol));
}

/** What a connect does not send: other control bits than SYN, data, and all probes from one port at once. */
function beyondConnect({ length, sourcePort }: Plan, { tcpFlags }: ProbeRequest): Wish[] {
  return [
    [(tcpFlags & TCP_FLAG.ack) !== 0, '-A'],
    [(tcpFlags & TCP_FLAG.ece) !== 0, '-E'],
    [tcpFlags !== TCP_FLAG.syn, 'TCP control bits besides SYN'],
    [length !== undefined, 'a packet length'],
    [sourcePort !== undefined, '-p'],
  ];
}
