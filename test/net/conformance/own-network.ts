/** Gives this process a network of its own: nothing it sends leaves it, and no other traffic of the machine arrives. */
import koffi from 'koffi';
import { mustRun } from '../../lab/command.ts';
import { labMissing } from '../../lab/namespaces.ts';

/** linux/sched.h */
const CLONE_NEWNET = 0x40000000;

/** The reason why there can be none, in one sentence; undefined when there can be one. */
export const networkMissing = labMissing;

/**
 * Moves the process into a new network namespace, which ends with it, with loopback up.
 * @throws Error when the system refuses
 */
export function enterOwnNetwork(): void {
  const unshare = koffi.load(null).func('unshare', 'int', ['int']) as (flags: number) => number; // koffi types it as any
  if (unshare(CLONE_NEWNET) !== 0) throw new Error('cannot make a network namespace');
  mustRun('ip', ['link', 'set', 'lo', 'up']);
}
