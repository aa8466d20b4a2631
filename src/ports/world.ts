/** The outside as commands see it. net/ is the real one, test/sim/ is one in memory. */
import type { Output } from './output.ts';
import type { Machine } from './machine.ts';
import type { Cancel, Clock } from './clock.ts';
import type { Resolver } from './resolver.ts';

/** The signals by which users end programs: Ctrl-C, kill(1) and timeout(1), and a terminal that is closed. */
export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** How a command ends: with an exit status, 0 to 255, or by the signal that it was sent. */
export type Ending = number | EndSignal;

/** Everything outside that a command touches. */
export interface World extends Output {
  readonly machine: Machine;
  readonly clock: Clock;
  /** Opens the resolver. It is loaded then, because most numeric traces never ask for a name. */
  openResolver(options: {
    readonly whoisServer?: string;
    /** Is told, in one line, that names or AS numbers cannot be had. */
    readonly warn: (message: string) => void;
  }): Promise<Resolver>;
  /** The number of an IP protocol by its name, upper or lower case; undefined when nobody knows it. */
  protocolNumber(name: string): number | undefined;
  /** The TCP port of a service by its name; undefined when nobody knows it. */
  servicePort(name: string): number | undefined;
  /** The name of a service by its TCP port; undefined when nobody knows it. */
  serviceName(port: number): string | undefined;
  /** The date and time in UTC, to the second, such as `2026-05-04T03:02:01Z`. */
  utcNow(): string;
  /** Calls back once with the signal that is to end the run, until it is cancelled. A second one ends it at once. */
  onSignal(callback: (signal: EndSignal) => void): Cancel;
}
