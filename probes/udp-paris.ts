/**
 * UDP probes of one flow. Their ports stay the same, so load balancers send all of them one way. Over IPv4 the
 * identification tells them apart. IPv6 has none, but errors quote as much as fits (RFC 4443 section 2.4), so two octets
 * of the payload do: the cookie. A request to a well-known service always has a cookie, which the answer gives back.
 */
import type { DirectMatch, QuotedMatch } from '../src/engine/probe-type.ts';
import type { Flow } from '../src/model/flow.ts';
import { viewOf } from '../src/wire/bytes.ts';
import { UDP_HEADER_LENGTH } from '../src/wire/udp.ts';
import { answersFlow, isFromFlow, matchFlow } from './port-pair.ts';
import { requestTo } from './payload/index.ts';
import { withCookie, type UdpRequest } from './payload/request.ts';

const COOKIE_LENGTH = 2;
const COOKIE_MASK = 0xffff;

/** The payload of such a probe: the request of the port's service, or `filling` where the port has none. */
export function parisPayload(sequence: number, flow: Flow, filling: Uint8Array): Uint8Array {
  const request = requestOf(flow, filling);
  return request ? withCookie(request, (flow.initialSequence + sequence) & COOKIE_MASK) : filling;
}

/** Finds the probe that is quoted over IPv6, by its ports and its cookie. */
export function matchCookie(octets: Uint8Array, flow: Flow): QuotedMatch | undefined {
  if (!isFromFlow(octets, flow)) return undefined;
  const request = requestOf(flow, new Uint8Array(0));
  const offset = UDP_HEADER_LENGTH + (request?.cookieOffset ?? 0);
  const cookie = viewOf(octets, offset + COOKIE_LENGTH, 'UDP payload').getUint16(offset);
  return matchFlow(octets, flow, (cookie - flow.initialSequence) & COOKIE_MASK);
}

/** Finds the probe that a datagram answers. The match has no sequence where there is no cookie to tell it. */
export function answersParis(octets: Uint8Array, flow: Flow): DirectMatch | undefined {
  if (!answersFlow(octets, flow)) return undefined;
  const request = requestTo(flow.port);
  if (!request) return {};
  const cookie = request.answeredCookie(octets.subarray(UDP_HEADER_LENGTH));
  return cookie === undefined ? undefined : { sequence: (cookie - flow.initialSequence) & COOKIE_MASK };
}

function requestOf({ port, family }: Flow, filling: Uint8Array): UdpRequest | undefined {
  const request = requestTo(port);
  if (request || family === 4) return request;
  const octets = filling.length < COOKIE_LENGTH ? new Uint8Array(COOKIE_LENGTH) : filling;
  return { octets, cookieOffset: 0, answeredCookie: () => undefined };
}
