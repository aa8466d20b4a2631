/** What only raw sockets can do. */
import type { ProbeType } from '../engine/probe-type.ts';
import type { Plan, ProbeRequest } from '../model/plan.ts';
import type { ProbeTraits } from '../model/probe-traits.ts';
import { ECN_MASK } from '../wire/codes.ts';

/** An option that may have been given, and whether it was. */
type Wish = readonly [isWanted: boolean, option: string];
type Socket = ProbeTraits['socket'];
type Word = (letters: string) => string;

/**
 * The option of a plan, as the user gave it, that takes a raw socket; undefined when none does. In a matrix, those of
 * single probes count only when every probe has one: the others can be had without.
 * @param word - the user's word for an option of the commands
 */
export function rawOnlyOption(
  plan: Plan,
  types: readonly ProbeType[],
  word: Word = (letters) => letters,
): string | undefined {
  const probes = plan.matrix?.probes.map(({ probe }) => probe) ?? [plan.probe];
  const sockets = probes.map((probe) => socketOf(probe, types));
  const [, ofRun] = wishesOfRun(plan, sockets, word).find(([isWanted]) => isWanted) ?? [];
  const ofProbes = probes.map((probe) => wishOfProbe(plan, probe, socketOf(probe, types), word));
  return ofRun ?? (ofProbes.includes(undefined) ? undefined : ofProbes[0]);
}

function socketOf({ name }: ProbeRequest, types: readonly ProbeType[]): Socket {
  return types.find((type) => type.name === name)?.traits.socket ?? 'raw';
}

function wishesOfRun(plan: Plan, sockets: readonly Socket[], word: Word): Wish[] {
  const { gateways, display, tos, checksums, socketDebug, translation } = plan;
  const plain = sockets.filter((socket) => socket !== 'raw');
  const lack = (option: '-x' | '--dnat'): boolean => plain.some(({ lacks }) => lacks.includes(option));
  return [
    [gateways.length > 0, word('-g')],
    [display.octets, word('-D')],
    [display.ecn, word('-E')],
    [(tos & ECN_MASK) !== 0, `${word('-t')} with an ECN field`],
    [!checksums && (sockets.includes('raw') || lack('-x')), word('-x')],
    [socketDebug, word('-d')],
    [translation === 'report' && lack('--dnat'), word('--dnat')],
  ];
}

function wishOfProbe(plan: Plan, probe: ProbeRequest, socket: Socket, word: Word): string | undefined {
  if (socket === 'raw') return `${word('-P')} ${probe.protocol || probe.name}`;
  const beyond = socket.beyond?.(plan, probe);
  return beyond === undefined ? undefined : word(beyond);
}
