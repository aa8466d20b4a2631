/** Everything outside that a command touches. net/ is the real one, test/sim/ one in memory. */
import type { Output } from './output.ts';
import type { Machine } from './machine.ts';
import type { Cancel, Clock } from './clock.ts';
import type { Resolver } from './resolver.ts';

export interface World extends Output {
  readonly machine: Machine;
  readonly clock: Clock;
  /** Loaded when first needed: most numeric traces never ask a name. */
  openResolver(options: {
    readonly whoisServer?: string;
    /** Told, in one line, that names or AS numbers cannot be had. */
    readonly warn: (message: string) => void;
  }): Promise<Resolver>;
  /** The number of an IP protocol by its name, in any case. */
  protocolNumber(name: string): number | undefined;
  /** The TCP port of a service by its name, and the other way round. */
  servicePort(name: string): number | undefined;
  serviceName(port: number): string | undefined;
  /** The date and time in UTC, to the second: `2026-05-04T03:02:01Z`. */
  utcNow(): string;
  /** Calls back when the user interrupts, until cancelled. */
  onInterrupt(callback: () => void): Cancel;
}
