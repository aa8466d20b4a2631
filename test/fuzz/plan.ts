/** The requests that the dialects are asked for, and the surroundings that they ask of. */
import assert from 'node:assert/strict';
import { parseBsd } from '../../src/dialects/bsd.ts';
import type { DialectContext } from '../../src/dialects/dialect.ts';
import type { Plan } from '../../src/model/plan.ts';

const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, gre: 47, esp: 50, sctp: 132 };
const SERVICES: Readonly<Record<string, number>> = { domain: 53, http: 80, https: 443 };

/** A machine that knows a few names. Takes warnings in `warn`. */
export function dialectContext(
  program: string,
  warn: (message: string) => void = () => undefined,
): DialectContext {
  return {
    program,
    defaultTtl: 64,
    protocolNumber: (name) => (Object.hasOwn(PROTOCOLS, name) ? PROTOCOLS[name] : undefined),
    servicePort: (name) => (Object.hasOwn(SERVICES, name) ? SERVICES[name] : undefined),
    warn,
  };
}

/** The plan of `traceroute 192.0.2.1`. */
export function requestedPlan(): Plan {
  const request = parseBsd(['192.0.2.1'], dialectContext('traceroute'));
  assert.ok(request.kind === 'trace');
  return request.plan;
}
