/** What only raw sockets can do. */
import type { ProbeType } from '../engine/probe-type.ts';
import type { Plan, ProbeRequest } from '../model/plan.ts';
import type { ProbeTraits } from '../model/probe-traits.ts';
import { ECN_MASK } from '../wire/codes.ts';

/** An option that may have been given, and whether it was. */
type Wish = readonly [isWanted: boolean, option: string];
type Socket = ProbeTraits['socket'];

/**
 * The option of a plan, as the user gave it, that takes a raw socket; undefined when none does. In a matrix, those of
 * single probes count only when every probe has one: the others can be had without.
 */
export function rawOnlyOption(plan: Plan, types: readonly ProbeType[]): string | undefined {
  const probes = plan.matrix?.probes.map(({ probe }) => probe) ?? [plan.probe];
  const sockets = probes.map((probe) => socketOf(probe, types));
  const [, ofRun] = wishesOfRun(plan, sockets).find(([isWanted]) => isWanted) ?? [];
  const ofProbes = probes.map((probe) => wishOfProbe(plan, probe, socketOf(probe, types)));
  return ofRun ?? (ofProbes.includes(undefined) ? undefined : ofProbes[0]);
}

function socketOf({ name }: ProbeRequest, types: readonly ProbeType[]): Socket {
  return types.find((type) => type.name === name)?.traits.socket ?? 'raw';
}

function wishesOfRun(plan: Plan, sockets: readonly Socket[]): Wish[] {
  const { gateways, display, tos, checksums, socketDebug, translation } = plan;
  const plain = sockets.filter((socket) => socket !== 'raw');
  const lack = (option: '-x' | '--dnat'): boolean => plain.some(({ lacks }) => lacks.includes(option));
  return [
    [gateways.length > 0, '-g'],
    [display.octets, '-D'],
    [display.ecn, '-E'],
    [(tos & ECN_MASK) !== 0, '-t with an ECN field'],
    [!checksums && (sockets.includes('raw') || lack('-x')), '-x'],
    [socketDebug, '-d'],
    [translation === 'report' && lack('--dnat'), '--dnat'],
  ];
}

function wishOfProbe(plan: Plan, probe: ProbeRequest, socket: Socket): string | undefined {
  return socket === 'raw' ? `-P ${probe.protocol || probe.name}` : socket.beyond?.(plan, probe);
}
