/** A reply as verdicts see it. */
import type { Reply } from '../../model/reply.ts';
import type { CellReply } from '../../verdict/matrix.ts';
import { stackMarks } from './stack-marks.ts';

/** What a reply tells. @param rttMs - NaN where nobody knows which probe it answers */
export function cellReply(reply: Reply, rttMs: number): CellReply {
  const { responder, kind, ttl, translation } = reply;
  return {
    responder,
    kind,
    rttMs,
    ...(ttl === undefined ? {} : { ttl }),
    ...(translation ? { translatedTo: translation.address } : {}),
    ...(kind.type === 'time-exceeded' ? {} : { marks: stackMarks(reply) }),
  };
}
