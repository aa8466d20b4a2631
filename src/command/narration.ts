/** What `-d` tells on standard error: what is done, and why packets are ignored. */
import type { ProbeType } from '../engine/probe-type.ts';
import type { TraceEvent } from '../measure/trace-event.ts';
import type { Plan } from '../model/plan.ts';
import type { Reply } from '../model/reply.ts';
import { flagNames } from '../render/tcp-state.ts';

/** An event in words; undefined for one that goes without saying. */
export function narration(event: TraceEvent, plan: Plan, type: ProbeType): string | undefined {
  switch (event.type) {
    case 'sent':
      return sentText(event, plan, type);
    case 'reply': {
      const { probe, reply } = event;
      return `hop ${probe.ttl}, probe ${probe.attempt + 1}: ${replyText(reply)}`;
    }
    case 'ignored': {
      const { probe, reply, why } = event;
      return `ignored a ${why} reply to probe ${probe.attempt + 1} of hop ${probe.ttl}: ${replyText(reply)}`;
    }
    case 'foreign':
      return foreignText(event);
    case 'end': {
      const { foreign, malformed, late, duplicate } = event.ignored;
      return `ignored ${foreign} foreign, ${malformed} malformed, ${late} late and ${duplicate} duplicate packets`;
    }
    default:
      return undefined;
  }
}

function sentText(
  { probe }: Extract<TraceEvent, { type: 'sent' }>,
  { probe: request, attempts }: Plan,
  { traits }: ProbeType,
): string {
  const { ttl, attempt, sequence } = probe;
  const flags = traits.flags ? `,${flagNames(request.tcpFlags)}` : '';
  return `sent probe ${attempt + 1} of ${attempts} for hop ${ttl}, sequence ${sequence}${flags}`;
}

function foreignText({ foreign }: Extract<TraceEvent, { type: 'foreign' }>): string {
  const { source, reason, detail, octets, icmp } = foreign;
  const what = icmp ? `ICMP type ${icmp.type} code ${icmp.code}` : `${octets.length} octets`;
  return `ignored ${what} from ${source}: ${reason}${detail === undefined ? '' : ` (${detail})`}`;
}

function replyText({ responder, kind, ttl, precision }: Reply): string {
  const arrived = ttl === undefined ? '' : `, TTL ${ttl} on arrival`;
  const what = 'code' in kind ? `${kind.type}, code ${kind.code}` : kind.type;
  return `${what} from ${responder}${arrived}, time by the ${precision === 'kernel' ? 'kernel' : 'program'}`;
}
