/** What `-d` tells on standard error: what is done, and why packets are ignored. */
import type { Counts, TraceListener } from '../engine/tracer.ts';
import type { Plan } from '../model/plan.ts';
import type { Reply } from '../model/reply.ts';
import { flagNames } from '../render/tcp-state.ts';

/** The listener, with every event told as a line as well. */
export function narrated(listener: TraceListener, say: (text: string) => void, plan: Plan): TraceListener {
  const tell = (text: string): void => {
    say(`debug: ${text}\n`);
  };
  return {
    onOutcome: (trace, outcome) => {
      listener.onOutcome(trace, outcome);
    },
    onStop: (trace, reason) => {
      listener.onStop?.(trace, reason);
    },
    onSent: (_trace, { ttl, attempt, sequence }) => {
      const flags = plan.probe.name === 'tcp' ? `,${flagNames(plan.probe.tcpFlags)}` : '';
      tell(`sent probe ${attempt + 1} of ${plan.attempts} for hop ${ttl}, sequence ${sequence}${flags}`);
    },
    onReply: (trace, probe, reply) => {
      tell(`hop ${probe.ttl}, probe ${probe.attempt + 1}: ${replyText(reply)}`);
      listener.onReply?.(trace, probe, reply);
    },
    onIgnored: (_trace, probe, reply, why) => {
      tell(`ignored a ${why} reply to probe ${probe.attempt + 1} of hop ${probe.ttl}: ${replyText(reply)}`);
    },
    onForeign: (foreign) => {
      const { source, reason, detail, octets, icmp } = foreign;
      const what = icmp ? `ICMP type ${icmp.type} code ${icmp.code}` : `${octets.length} octets`;
      tell(`ignored ${what} from ${source}: ${reason}${detail === undefined ? '' : ` (${detail})`}`);
      listener.onForeign?.(foreign);
    },
  };
}

function replyText({ responder, kind, ttl, precision }: Reply): string {
  const arrived = ttl === undefined ? '' : `, TTL ${ttl} on arrival`;
  const what = 'code' in kind ? `${kind.type}, code ${kind.code}` : kind.type;
  return `${what} from ${responder}${arrived}, time by the ${precision === 'kernel' ? 'kernel' : 'program'}`;
}

/** What arrived besides replies that counted. */
export function countsText({ foreign, malformed, late, duplicate }: Counts): string {
  return `debug: ignored ${foreign} foreign, ${malformed} malformed, ${late} late and ${duplicate} duplicate packets\n`;
}
