/** Says why the system has no way for a flow, and what to do. */
import { familyOf, type Address } from '../model/address.ts';
import type { Plan } from '../model/plan.ts';
import { optionWord, type Wording } from './context.ts';
import type { RouteRefusal, RouteReply } from '../ports/machine.ts';

type Refused = Extract<RouteReply, { readonly refusal: unknown }>;

/** What a text may name. */
interface Facts {
  readonly to: Address;
  readonly source: string;
  readonly device: string;
  /** The system's own words. */
  readonly why: string;
  readonly seeRoutes: string;
  /** The user's word for an option of the commands. */
  readonly word: (letters: string) => string;
}

const TEXTS: Readonly<Record<RouteRefusal, (facts: Facts) => string>> = {
  'no-device': ({ device }) => `Can't find interface ${device}`,
  'device-down': ({ device, why }) => `interface ${device} is down: ${why} (ip link set ${device} up)`,
  'no-source': ({ to }) => `no address to send from to ${to} (give this machine one: ip address add)`,
  'loopback-source': ({ to, source, why }) =>
    `cannot send to ${to} from ${source}: ${why} (a loopback address reaches this machine alone)`,
  'loopback-device': ({ to, device, why }) =>
    `no route to ${to} by ${device}: ${why} (the loopback interface reaches this machine alone)`,
  broadcast: ({ to, why }) => `cannot send to ${to}: ${why} (it is a broadcast address; trace to one host)`,
  'no-route': (facts) => noRoute(facts),
  unreachable: ({ to, why, seeRoutes }) =>
    `no route to ${to}: ${why} (a route of this machine says unreachable: ${seeRoutes})`,
  blackhole: ({ to, why, seeRoutes }) =>
    `no route to ${to}: ${why} (a blackhole route of this machine takes it: ${seeRoutes})`,
  prohibited: ({ to, why, seeRoutes }) =>
    `no route to ${to}: ${why} (a route or rule of this machine prohibits it: ${seeRoutes})`,
};

/** With an interface and no source, a rule may still lead on by that of the interface. */
function noRoute({ to, source, device, why, word }: Facts): string {
  if (device === '') {
    return `no route to ${to}: ${why} (see "ip route", or choose ${word('-s')} or ${word('-i')})`;
  }
  const advice = source === '' ? `, or choose ${word('-s')} too` : '';
  return `no route to ${to} by ${device}: ${why} (see "ip -${familyOf(to)} route show dev ${device}"${advice})`;
}

/** The refusal in one line, which lacks the program's name. */
export function routeRefusal(
  { refusal, error }: Refused,
  { device = '', source = '' }: Pick<Plan, 'device' | 'source'>,
  to: Address,
  wording: Wording,
): string {
  const word = (letters: string): string => optionWord(wording, letters);
  const seeRoutes = `see "ip route get ${to}"`;
  return TEXTS[refusal]({ to, source, device, why: error.message, seeRoutes, word });
}
