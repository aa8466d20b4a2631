/** Answers leave the node that gives them: limited, announced, copied. */
import { ICMPV4_TYPE } from '../../../src/wire/icmpv4.ts';
import { IP_PROTOCOL } from '../../../src/wire/codes.ts';
import { readDatagram, type Datagram } from '../datagram.ts';
import type { DestinationFormat, HopFormat } from '../path-format.ts';
import type { Answer, PathState } from '../path-state.ts';
import { COMPANION_LEAD_MS, encodeCompanion } from './companions.ts';

/** A node that answers a probe. */
export interface Emitter {
  readonly node: HopFormat | DestinationFormat;
  readonly probe: Datagram;
  /** Whence its companions come. */
  readonly responder: Uint8Array;
  /** Round trip, in milliseconds. */
  readonly afterMs: number;
}

/** Sends what a node answers, with what comes before it and the copies that come with it. */
export function emit(state: PathState, emitter: Emitter, answers: readonly Uint8Array[]): Answer[] {
  const { node, afterMs } = emitter;
  const copies = 1 + (('dup' in node ? node.dup : undefined) ?? 0);
  return answers
    .filter((octets) => hasToken(state, node, octets))
    .flatMap((octets) => [
      ...companionsOf(emitter),
      ...Array.from({ length: copies }, () => ({ afterMs, octets })),
    ]);
}

function companionsOf({ node, probe, responder, afterMs }: Emitter): Answer[] {
  return (node.also ?? []).map((companion) => ({
    afterMs: Math.max(0, afterMs - COMPANION_LEAD_MS),
    octets: encodeCompanion(companion, probe, responder),
  }));
}

function hasToken({ buckets }: PathState, node: Emitter['node'], octets: Uint8Array): boolean {
  if (node.bucket === undefined || !isIcmpError(readDatagram(octets))) return true;
  return buckets.take(node, node.bucket);
}

/** RFC 4443 section 2.1: below it are errors. */
const ICMPV6_ERROR_LIMIT = 128;

function isIcmpError({ protocol, transport }: Datagram): boolean {
  const [type = 0] = transport;
  if (protocol === IP_PROTOCOL.icmpv6) return type < ICMPV6_ERROR_LIMIT;
  return protocol === IP_PROTOCOL.icmp && type !== ICMPV4_TYPE.echoReply;
}
