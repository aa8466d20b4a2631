/**
 * When the rights of a command go: once its sockets are open, and before anything is looked at that others have sent. It
 * takes a millisecond, in which the first probes may leave.
 */
import type { DropOptions } from '../../ports/machine.ts';
import { loadLibc, type Libc } from '../linux/libc.ts';
import { UnavailableError } from '../optional-package.ts';
import { noteCaller } from './caller.ts';
import { canBecomeAnyone, dropPrivileges, refuseDebugger } from './privileges.ts';
import { invokingUser, type UserIds } from './users.ts';

/** The rights of this process. All ways to what others send lead past `goBefore`. */
export class Rights {
  readonly #loadParts: () => void;
  /** What is left to do; undefined before `giveUp`, and once it is done. */
  #drop: (() => void) | undefined;
  #failure: Error | undefined;

  /** @param loadParts - loads the rest of the program; called where the user could not read it */
  constructor(loadParts: () => void) {
    this.#loadParts = loadParts;
  }

  /**
   * Gives up all rights but `kept`, now or in a moment.
   * @throws UsageError where it cannot be told who called, or a debugger is open; TransportError when the system refuses
   */
  giveUp(options: DropOptions): void {
    const libc = libcIfAny();
    const isRoot = process.geteuid?.() === 0;
    const user = isRoot ? callerOfRoot() : undefined;
    if (!isRoot && libc) refuseDebugger(libc);
    this.#drop = () => {
      dropPrivileges({ libc, isRoot, user, loadParts: this.#loadParts }, options);
    };
    const isSure = libc !== undefined && (!isRoot || canBecomeAnyone(libc));
    if (options.mayWait && isSure) setImmediate(this.#goQuietly);
    else this.goBefore(1);
  }

  /**
   * Has the rights gone before so many datagrams, messages or files are looked at; does nothing before `giveUp`.
   * @throws TransportError or UsageError where they could not go, from then on each time: nothing is read with them
   */
  goBefore(count: number): void {
    if (this.#failure) throw this.#failure;
    if (count === 0 || !this.#drop) return;
    const drop = this.#drop;
    this.#drop = undefined;
    try {
      drop();
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }

  /** Whoever reads next is told of a failure. */
  readonly #goQuietly = (): void => {
    try {
      this.goBefore(1);
    } catch {
      // kept in #failure
    }
  };
}

/** Undefined where root itself called. @throws UsageError where it cannot be told who did */
function callerOfRoot(): UserIds | undefined {
  const user = invokingUser();
  noteCaller(user?.uid ?? 0);
  return user;
}

/** Undefined where the C library cannot be had, as on other systems than Linux. */
function libcIfAny(): Libc | undefined {
  try {
    return loadLibc();
  } catch (error) {
    if (error instanceof UnavailableError) return undefined;
    throw error;
  }
}
