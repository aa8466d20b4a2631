/** What every renderer of one trace is: outcomes in, text out. */
import type { Address, Family } from '../model/address.ts';
import type { Label } from '../model/label.ts';
import type { Outcome, StopReason } from '../model/outcome.ts';

/** The facts of a trace that its head names. */
export interface TraceFacts {
  readonly program: string;
  readonly family: Family;
  /** As the resolver knows it, or as it was typed where it is an address. */
  readonly host: string;
  /** As it was typed. */
  readonly typedHost: string;
  readonly target: Address;
  readonly source: Address;
  /** The source as the resolver knows it, where the user gave one. */
  readonly givenSource?: string;
  /** The interface that has the source address. */
  readonly device: string;
  /** Where all probes leave from one local port. */
  readonly sourcePort?: number;
  /** The target port, and its service where that has a name. */
  readonly port: number;
  readonly service?: string;
  readonly maxTtl: number;
  readonly attempts: number;
  /** Octets of the whole datagram. */
  readonly length: number;
  /** Whether the user chose that length. */
  readonly lengthGiven: boolean;
  /** Names of the transport header's first octets. */
  readonly fieldKey: string;
  /** The probe type's name. */
  readonly probe: string;
  /** Which way probes went to the wire. */
  readonly transport: string;
}

/** What an outcome brings to the screen. */
export interface Rendered {
  readonly stdout: string;
  readonly stderr: string;
}

export interface Renderer {
  /** What stands before the first hop, for standard error. */
  head(): string;
  /** The outcomes come in the order of TTL and attempt. `sent` are the probe's octets. */
  outcome(outcome: Outcome, label: Label, sent: () => Uint8Array): Rendered;
  /** Something arrived that is no reply; only where the user wants to see it. */
  foreign(message: ForeignMessage): Rendered;
  /** What stands after the last hop; ends a line that was begun. */
  end(reason: StopReason): Rendered;
}

/** A message that belongs to no probe. */
export interface ForeignMessage {
  readonly source: Address;
  readonly receivedBy?: Address;
  readonly reason: string;
  readonly detail?: string;
  readonly octets: Uint8Array;
  readonly icmp?: { readonly type: number; readonly code: number };
}

/** Nothing for either stream. */
export const NOTHING: Rendered = { stdout: '', stderr: '' };

/** A round-trip time in milliseconds to the microsecond, as both originals print it. */
export function rttText(rttMs: number): string {
  return `${rttMs.toFixed(3)} ms`;
}

/** A responder as both commands show it: its name, if it has one, its address, and what that holds. */
export function hostText(address: Address, { name, embedded }: Label): string {
  const host = name === undefined ? address : `${name} (${address})`;
  return embedded === undefined ? host : `${host} [nat64 ${embedded}]`;
}
