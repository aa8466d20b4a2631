/** Specifications of TCP segments with every combination of control bits. */
import { bitsNamed } from '../../src/model/control-bits.ts';
import { TCP_FLAG_NAMES, tcpFlagNames } from '../../probes/tcp-flags.ts';

/** All 256 of them, for one port, in the order of the bits. */
export function specsOfAllFlags(port: number): readonly string[] {
  return Array.from({ length: 0x100 }, (_, flags) => `tcp/${port}:${tcpFlagNames(flags)}`);
}

/** The bits that a specification names. */
export function packetFlags(spec: string): number {
  const [, names = ''] = spec.split(':');
  return names.split('+').reduce((bits, name) => bits | (bitsNamed(TCP_FLAG_NAMES, name) ?? 0), 0);
}
