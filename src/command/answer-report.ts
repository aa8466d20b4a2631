/** Reports what speaks against the answer that a trace has ended with. Loaded where something may. */
import type { ProbeType } from '../engine/probe-type.ts';
import { jsonDoubts } from '../formats/doubt-json.ts';
import { cellReply } from '../measure/matrix/cell-reply.ts';
import type { TraceStart } from '../measure/trace-event.ts';
import { flagSuffix } from '../model/control-bits.ts';
import type { ProbeRequest } from '../model/plan.ts';
import type { AnswerReport } from '../render/renderer.ts';
import type { ColumnProbe } from '../verdict/matrix.ts';
import { judgeAnswer } from '../verdict/plain-trace.ts';
import type { HeardReply } from './answer-watch.ts';

/** The trace that has heard the replies. */
export interface WatchedTrace {
  readonly request: ProbeRequest;
  readonly type: ProbeType;
  readonly start: TraceStart;
}

/** Judges the answer at a hop by all that was heard. */
export function answerReport(
  hop: number,
  heard: readonly HeardReply[],
  { request, type, start }: WatchedTrace,
): AnswerReport {
  const { family, target } = start.endpoints;
  const { doubts, contradiction } = judgeAnswer({
    family,
    target,
    probe: columnProbe(request, type, family),
    isOneFlow: request.fixedPort && !request.portPerProbe && !start.connectsEach,
    hop,
    heard: heard.map(({ probe, reply, rttMs }) => ({
      hop: probe.ttl,
      sequence: probe.sequence,
      isRepeat: probe.repeats !== undefined,
      reply: cellReply(reply, rttMs),
    })),
  });
  return { doubts: jsonDoubts(doubts), ...(contradiction ? { contradiction } : {}) };
}

function columnProbe(request: ProbeRequest, type: ProbeType, family: 4 | 6): ColumnProbe {
  const { name, traits, defaultPort } = type;
  const port = request.port ?? defaultPort;
  return {
    // where ports count up, no single one is meant
    name: name + (request.fixedPort ? `/${port}` : '') + flagSuffix(traits.flags, request.tcpFlags),
    probe: request,
    traits,
    protocol: type.ipProtocol(family, request.protocol),
    port,
  };
}
