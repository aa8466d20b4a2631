/** Matrices out of a few words, for tests of what is made of their cells. */
import { probeTypes } from '../../probes/index.ts';
import { parseMatrix } from '../../src/dialects/specification/matrix-spec.ts';
import type { CellAttempt, CellReply, Matrix, MatrixColumn } from '../../src/verdict/matrix.ts';
import type { ReplyKind } from '../../src/model/reply.ts';
import type { MatrixTextOptions } from '../../src/render/matrix/matrix-text.ts';
import { plain } from '../../src/render/matrix/paint.ts';
import { protocolNumber } from '../../src/net/host/protocols.ts';
import { servicePort } from '../../src/net/host/services.ts';

export const TARGET = '198.51.100.7';

/** Names that every system knows. */
export const names = {
  protocolNumber: (name: string) => protocolNumber(name, '/nonexistent'),
  servicePort: (name: string) => servicePort(name, '/nonexistent'),
};

export function reply(
  responder: string,
  kind: ReplyKind = { type: 'time-exceeded' },
  rttMs = 1,
  ttl?: number,
): CellReply {
  return { responder, kind, rttMs, ...(ttl === undefined ? {} : { ttl }) };
}

/** The target's own answer; with a state, over TCP. */
export function answer(state?: 'open' | 'closed', rttMs = 1, ttl?: number): CellReply {
  const tcp = state === 'open' ? { state, ecn: false } : state && { state };
  return reply(TARGET, { type: 'answer', ...(tcp ? { tcp } : {}) }, rttMs, ttl);
}

export function unreachable(responder: string, code: number, rttMs = 1): CellReply {
  return reply(responder, { type: 'unreachable', code }, rttMs);
}

/**
 * A column from what each hop answered, from TTL 1 on: a reply stands for three, null for three misses, a list for
 * itself.
 */
export function column(
  spec: string,
  hops: readonly (CellAttempt | readonly CellAttempt[])[],
  changes: Partial<MatrixColumn> = {},
): MatrixColumn {
  const [probe] = parseMatrix(spec, '--matrix', names);
  const type = probeTypes.find(({ name }) => name === probe?.probe.name);
  if (!probe || !type) throw new Error(`no probe in ${spec}`);
  const cells = hops.map((hop, index) => {
    const attempts = hop === null || 'responder' in hop ? [hop, hop, hop] : hop;
    return [index + 1, attempts] as const;
  });
  return {
    ...probe,
    traits: type.traits,
    protocol: type.ipProtocol(4, probe.probe.protocol),
    port: probe.probe.port ?? type.defaultPort,
    cells: new Map(cells),
    anonymous: [],
    ...changes,
  };
}

export function matrix(...columns: readonly MatrixColumn[]): Matrix {
  return { family: 4, target: TARGET, columns };
}

/** Of a run without a terminal, names or explanations. */
export const TEXT_OPTIONS: MatrixTextOptions = {
  host: 'shop.example',
  firstTtl: 1,
  maxTtl: 30,
  labels: new Map(),
  width: Infinity,
  mark: '…',
  paint: plain,
  explain: () => [],
};
