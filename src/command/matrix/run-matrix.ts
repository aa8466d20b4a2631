/** Carries out the plan of a matrix: many probes to one target at once, and what they prove of each other. */
import type { Machine, ReservedPort } from '../../ports/machine.ts';
import type { Transport } from '../../ports/transport.ts';
import type { ProbeType } from '../../engine/probe-type.ts';
import type { World } from '../../ports/world.ts';
import { UsageError } from '../../model/errors.ts';
import { judge } from '../../verdict/judge.ts';
import { readMatrix } from '../../verdict/facts.ts';
import type { MatrixProbe, MatrixRequest, Plan } from '../../model/plan.ts';
import { getsThrough } from '../../verdict/verdict.ts';
import type { BadHost, Endpoints } from '../../measure/endpoints.ts';
import { findEndpoints } from '../../measure/endpoints.ts';
import { Names } from '../../measure/names.ts';
import { requestedType } from '../requested-type.ts';
import { openTransport, reservePort } from '../../measure/sockets.ts';
import { columnOf, type Column } from '../../measure/matrix/column.ts';
import { MatrixScreen } from './matrix-screen.ts';
import { matrixOf } from '../../measure/matrix/recorder.ts';
import { Rounds } from '../../measure/matrix/rounds.ts';

/** What a command adds to a matrix of its own. */
export interface MatrixStyle {
  readonly program: string;
  readonly cutLocalDomain: boolean;
  readonly badHost: BadHost;
  portInUse(port: number): string;
}

/** How a matrix ended: every probe got through, some did not, or the user did not wait. */
export type MatrixEnd = 'all-through' | 'not-all-through' | 'interrupted';

/** A probe of the plan, its type, and the local port that is its own. */
interface Sender {
  readonly probe: MatrixProbe;
  readonly type: ProbeType;
  readonly port?: ReservedPort;
}

/** Idents are this far apart at least: some probe types count in theirs. */
const IDENT_SPAN = 0x400;

/**
 * Runs a matrix and prints it.
 * @throws UsageError, ResolveError or TransportError before anything was sent
 */
export async function runMatrix(
  plan: Plan,
  request: MatrixRequest,
  style: MatrixStyle,
  world: World,
): Promise<MatrixEnd> {
  const { machine } = world;
  if (plan.sourcePort) {
    throw new UsageError('--matrix: each probe has a local port of its own (leave the source port out)');
  }
  const warn = (message: string): void => {
    world.stderr(`${style.program}: ${message}\n`);
  };
  const typed = request.probes.map((probe) => ({ probe, type: requestedType(probe.probe) }));
  const types = [...new Set(typed.map(({ type }) => type))];
  const transport = await openTransport(plan, types, machine, warn);
  const names = new Names(world, { ...plan, cutLocalDomain: style.cutLocalDomain, warn });
  const senders: Sender[] = [];
  try {
    for (const { probe, type } of typed) {
      const port = await reservePort({ ...plan, probe: probe.probe }, type, style, world);
      senders.push({ probe, type, ...(port ? { port } : {}) });
    }
    await machine.dropPrivileges();
    const endpoints = await findEndpoints(plan, { names, machine, warn, badHost: style.badHost });
    const columns = columnsOf(senders, plan, endpoints, machine);
    return await trace({ plan, request, world, names, transport, endpoints, columns });
  } finally {
    await names.close();
    for (const { port } of senders) port?.release();
    transport.close();
  }
}

function columnsOf(senders: readonly Sender[], plan: Plan, endpoints: Endpoints, machine: Machine): Column[] {
  // from the upper half, where a raw socket's ident is the least likely to be a port of another program
  const first = 0x8000 + machine.random(0x8000 - IDENT_SPAN * (senders.length - 1));
  return senders.map(({ probe, type, port }, index) => {
    const ident = port?.port ?? first + index * IDENT_SPAN;
    const identity = { ident: ident & 0xffff, initialSequence: machine.random(0x1_0000_0000) };
    return columnOf(probe, type, plan, endpoints, identity);
  });
}

interface Job {
  readonly plan: Plan;
  readonly request: MatrixRequest;
  readonly world: World;
  readonly names: Names;
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  readonly columns: readonly Column[];
}

async function trace(job: Job): Promise<MatrixEnd> {
  const { plan, world, names, transport, endpoints, columns } = job;
  const records = columns.map(({ record }) => record);
  const read = () => readMatrix(matrixOf(records, endpoints.family, endpoints.target));
  const screen = new MatrixScreen({ ...job, read });
  const rounds = new Rounds(columns, {
    plan,
    world,
    transport,
    endpoints,
    onReply: (reply) => {
      screen.update(reply);
    },
  });
  const cancel = world.onInterrupt(() => {
    rounds.interrupt();
    void names.close();
  });
  await rounds.run();
  const facts = read();
  const verdicts = judge(facts);
  await screen.end(facts, verdicts);
  cancel();
  if (rounds.isInterrupted) return 'interrupted';
  return verdicts.every(getsThrough) ? 'all-through' : 'not-all-through';
}
