/** Gives senders the numbers by which their probes are known: ports and idents that no other run of this process has. */
import type { ProbeType } from '../engine/probe-type.ts';
import { isOutOfFiles, TransportError, UsageError } from '../model/errors.ts';
import { given } from '../model/given.ts';
import type { Plan } from '../model/plan.ts';
import type { Machine, ReservedPort } from '../ports/machine.ts';
import type { MeasureContext } from './context.ts';
import {
  areAnyInUse,
  areInUse,
  drawIdents,
  holdIdents,
  onceReleased,
  type HeldIdents,
  type IdentNeed,
} from './idents.ts';
import { drawIdentity, type Identity } from './identity.ts';
import { NoPortLeft, noPortLeft, reservePort } from './sockets.ts';

/** Who sends: a plan with the one probe that it is about, the kind of that probe, and the idents that it takes. */
export interface Sender {
  readonly plan: Plan;
  readonly type: ProbeType;
  readonly idents: IdentNeed;
  /** Others go on where the system has no port left for it. */
  readonly isDispensable?: boolean;
}

/** A sender that has its numbers. */
export interface ReadySender extends Sender {
  /** The local port that it sends from, where it has one. */
  readonly sourcePort: number | undefined;
  readonly identity: Identity;
  /** Why it cannot send. Only of what is dispensable. */
  readonly lacksPort?: NoPortLeft;
  /** Gives its port and its idents back, once nothing more is expected. May be called again. */
  readonly release: () => void;
}

/** What a sender has of its own until it is released. */
interface Claim {
  readonly ident: number;
  readonly isPort: boolean;
  readonly idents: HeldIdents;
  /** The port, where it is reserved. */
  readonly reserved: ReservedPort | undefined;
}

/** What each sender has, or why it has nothing. */
type Claims = Map<Sender, Claim | NoPortLeft>;

type Context = Pick<MeasureContext, 'wording' | 'signal'> & {
  readonly world: Pick<MeasureContext['world'], 'machine'>;
};

/** So many ports are drawn before giving up on one that is free, and that no other run counts up to. */
const MOST_PORTS_DRAWN = 64;

/**
 * Admits all of these or none. Waits while other runs of this process have what they need.
 * @throws UsageError when the system refuses a port; the signal's reason when it comes meanwhile
 */
export async function admitAll(senders: readonly Sender[], context: Context): Promise<ReadySender[]> {
  return await onceReleased(() => tryToAdmit(senders, context), context.signal);
}

/** Admits all of these; undefined where other runs have what they need. @throws UsageError when the system refuses a port */
export async function tryToAdmit(
  senders: readonly Sender[],
  context: Context,
): Promise<ReadySender[] | undefined> {
  const { machine } = context.world;
  const claims: Claims = new Map();
  const giveBack = (): void => {
    for (const claim of claims.values()) {
      if (claim instanceof NoPortLeft) continue;
      claim.idents.undo();
      claim.reserved?.release();
    }
  };
  try {
    if (!(await claimPorts(senders, claims, context)) || !claimIdents(senders, claims, context)) {
      giveBack();
      return undefined;
    }
  } catch (error) {
    giveBack();
    // ports are files too: other runs will close theirs
    if (isOutOfFiles(error) && areAnyInUse()) return undefined;
    throw error;
  }
  return senders.map((sender) => readyWith(sender, claims.get(sender), machine));
}

/** Claims the ports of those who have one; false where another run has one of them. */
async function claimPorts(senders: readonly Sender[], claims: Claims, context: Context): Promise<boolean> {
  for (const sender of senders) {
    const claim = await portOrLack(sender, context);
    if (claim === 'taken') return false;
    if (claim) claims.set(sender, claim);
  }
  const lacks = [...claims.values()].filter((claim) => claim instanceof NoPortLeft);
  if (lacks[0] && lacks.length === senders.length) throw lacks[0];
  return true;
}

async function portOrLack(
  sender: Sender,
  context: Context,
): Promise<Claim | 'taken' | NoPortLeft | undefined> {
  try {
    return await portOf(sender, context);
  } catch (error) {
    if (sender.isDispensable && error instanceof NoPortLeft) return error;
    throw error;
  }
}

/** Claims idents for all others; false where other runs have too many. */
function claimIdents(senders: readonly Sender[], claims: Claims, { world: { machine } }: Context): boolean {
  const others = senders.filter((sender) => !claims.has(sender));
  const drawn = drawIdents(
    others.map(({ idents }) => idents),
    machine,
  );
  if (!drawn) return false;
  for (const [index, sender] of others.entries()) {
    const held = drawn[index];
    if (held) claims.set(sender, { ident: held.first, isPort: false, idents: held, reserved: undefined });
  }
  return true;
}

function readyWith(sender: Sender, claimed: Claim | NoPortLeft | undefined, machine: Machine): ReadySender {
  const lacksPort = claimed instanceof NoPortLeft ? claimed : undefined;
  const claim = claimed instanceof NoPortLeft ? undefined : claimed;
  let left = claim;
  return {
    ...sender,
    ...given({ lacksPort }),
    sourcePort: claim?.isPort ? claim.ident : undefined,
    identity: drawIdentity(claim?.ident ?? 0, machine),
    release: () => {
      if (left) release(left);
      left = undefined;
    },
  };
}

function release({ idents, reserved }: Claim): void {
  reserved?.release();
  idents.release();
}

/** The port that probes of this kind leave from; undefined where they have none, `taken` where another run has it. */
async function portOf(sender: Sender, context: Context): Promise<Claim | 'taken' | undefined> {
  const { plan, type, idents } = sender;
  if (plan.sourcePort) return await namedPort(plan.sourcePort.port, sender, context);
  if (!type.reservedPort || plan.probe.portPerProbe) return undefined;
  const needsMany = areInUse(idents.protocol) && idents.width() > 1;
  return needsMany ? await roomyPort(sender, type.reservedPort, context) : await anyPort(sender, context);
}

async function namedPort(
  port: number,
  { plan, type, idents }: Sender,
  { wording, world: { machine } }: Context,
): Promise<Claim | 'taken'> {
  const held = holdIdents(idents, port);
  if (!held) return 'taken';
  try {
    const reserved = await reservePort(plan, type, wording, machine);
    return claimOf(held, reserved);
  } catch (error) {
    held.undo();
    throw error;
  }
}

/** A port of the system's choice that no other run counts up to. */
async function anyPort(
  { plan, type, idents }: Sender,
  { wording, world: { machine } }: Context,
): Promise<Claim | undefined> {
  const unfit: ReservedPort[] = [];
  try {
    while (unfit.length < MOST_PORTS_DRAWN) {
      const reserved = await reservePort(plan, type, wording, machine);
      if (!reserved) return undefined;
      const held = holdIdents(idents, reserved.port);
      if (held) return claimOf(held, reserved);
      unfit.push(reserved);
    }
  } finally {
    for (const reserved of unfit) reserved.release();
  }
  throw new UsageError('cannot reserve a local port: other runs of this process have all that were tried');
}

/** A port of our choice, after which those to which the probes count up are free too. */
async function roomyPort(
  { plan, idents }: Sender,
  kind: NonNullable<ProbeType['reservedPort']>,
  { world: { machine } }: Context,
): Promise<Claim | 'taken'> {
  for (let drawn = 1; ; drawn++) {
    const [held] = drawIdents([idents], machine) ?? [];
    if (!held) return 'taken';
    try {
      return claimOf(held, await machine.reservePort(kind, plan.families, held.first));
    } catch (error) {
      held.undo();
      if (!(error instanceof TransportError) || isOutOfFiles(error)) throw error;
      if (error.code !== 'EADDRINUSE' || drawn === MOST_PORTS_DRAWN) {
        throw noPortLeft(error.code, error.message);
      }
    }
  }
}

function claimOf(idents: HeldIdents, reserved: ReservedPort | undefined): Claim {
  return { ident: idents.first, isPort: true, idents, reserved };
}
