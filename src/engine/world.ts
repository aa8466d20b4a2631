/** Everything outside that a command touches. net/ is the real one, test/sim/ one in memory. */
import type { Machine } from './machine.ts';
import type { Cancel, Clock, Resolver } from './ports.ts';

/** A terminal that text is shown on. */
export interface Terminal {
  /** Columns and rows, as they are when asked. */
  readonly width: number;
  readonly height: number;
  /** Whether the user wants colours: NO_COLOR is unset. */
  readonly colour: boolean;
}

export interface World {
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
  stdout(text: string): void;
  stderr(text: string): void;
  /** Where standard output is one, when asked. */
  readonly terminal?: Terminal | undefined;
  /** The date and time in UTC, to the second: `2026-05-04T03:02:01Z`. */
  utcNow(): string;
  /** Calls back when the user interrupts, until cancelled. */
  onInterrupt(callback: () => void): Cancel;
}
