/** The answers of a host to SCTP packets. RFC 9260. */
import { concat, viewOf } from '../../../src/wire/bytes.ts';
import {
  decodeSctpFirstChunk,
  decodeSctpStart,
  encodeSctp,
  encodeSctpChunk,
  SCTP_CHUNK,
} from '../../../src/wire/sctp.ts';
import { answerUnknown, reply, stateOf, type Arrival } from './arrival.ts';
import { HOST_NUMBER, WINDOW } from './numbers.ts';

/** RFC 9260 section 3.3.3.1. */
const STATE_COOKIE_PARAMETER = 7;
/** RFC 9260 section 3.3.13: the sender has no verification tag of its own and reflects. */
const T_BIT = 1;
const NOTHING = new Uint8Array(0);

/** Answers by RFC 9260 sections 5.1 and 8.4: INIT ACK or ABORT for INIT, SHUTDOWN COMPLETE for SHUTDOWN ACK. */
export function answerSctp(arrival: Arrival): Uint8Array[] {
  const state = stateOf(arrival.host.sctp, arrival);
  if (state === undefined) return answerUnknown(arrival);
  if (state === 'filtered') return [];
  const { verificationTag } = decodeSctpStart(arrival.addressed.transport);
  const { type, value } = decodeSctpFirstChunk(arrival.addressed.transport);
  if (type === SCTP_CHUNK.shutdownAck) {
    return chunk(arrival, verificationTag, { type: SCTP_CHUNK.shutdownComplete, flags: T_BIT });
  }
  if (type !== SCTP_CHUNK.init) {
    return chunk(arrival, verificationTag, { type: SCTP_CHUNK.abort, flags: T_BIT });
  }
  const initiateTag = viewOf(value, 16, 'SCTP INIT').getUint32(0);
  if (state === 'closed') return chunk(arrival, initiateTag, { type: SCTP_CHUNK.abort, flags: 0 });
  return chunk(arrival, initiateTag, { type: SCTP_CHUNK.initAck, flags: 0, value: initAck() });
}

function chunk(
  { addressed, replyTtl }: Arrival,
  verificationTag: number,
  { value = NOTHING, ...start }: { type: number; flags: number; value?: Uint8Array },
): Uint8Array[] {
  const { sourcePort, destinationPort } = decodeSctpStart(addressed.transport);
  const header = { sourcePort: destinationPort, destinationPort: sourcePort, verificationTag };
  return [reply(addressed, replyTtl, encodeSctp(header, [encodeSctpChunk({ ...start, value })], true))];
}

/** The fixed part of an INIT ACK and the state cookie that it must have. RFC 9260 section 3.3.3. */
function initAck(): Uint8Array {
  const fixed = new Uint8Array(16);
  const view = new DataView(fixed.buffer);
  view.setUint32(0, HOST_NUMBER);
  view.setUint32(4, WINDOW);
  view.setUint16(8, 1);
  view.setUint16(10, 1);
  view.setUint32(12, HOST_NUMBER);
  const cookie = new Uint8Array(8);
  const parameter = new DataView(cookie.buffer);
  parameter.setUint16(0, STATE_COOKIE_PARAMETER);
  parameter.setUint16(2, cookie.length);
  parameter.setUint32(4, HOST_NUMBER);
  return concat(fixed, cookie);
}
