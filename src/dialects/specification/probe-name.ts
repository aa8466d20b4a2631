/** Probes by the name or number that the user gives. */
import { anyProtocol, probeTypes, type ProbeType } from '../../../probes/index.ts';

/** A probe type of the registry, and the protocol where the type leaves it open. */
export interface NamedProbe {
  readonly type: ProbeType;
  /** 1 to 255 for the type of any protocol, else 0. */
  readonly protocol: number;
}

/**
 * The probe that a protocol's name or number asks for: a type of its own where there is one, else the type for any protocol.
 * @param text - in upper or lower case
 * @param protocolNumber - knows further names, in lower case
 * @returns undefined when no protocol is called so
 */
export function probeByName(
  text: string,
  protocolNumber: (name: string) => number | undefined = () => undefined,
): NamedProbe | undefined {
  const wanted = text.toLowerCase();
  const type = probeTypes.find((candidate) => candidate !== anyProtocol && candidate.name === wanted);
  if (type) return { type, protocol: 0 };
  const number = protocolNumber(wanted) ?? (/^\d{1,3}$/.test(wanted) ? Number(wanted) : NaN);
  return number >= 1 && number <= 255 ? probeByNumber(number) : undefined;
}

/** A number that a probe type serves gives that type: octets for any protocol would be no valid header there. */
function probeByNumber(protocol: number): NamedProbe {
  const type = probeTypes.find(
    (candidate) => candidate !== anyProtocol && candidate.ipProtocol(4, protocol) === protocol,
  );
  return type ? { type, protocol: 0 } : { type: anyProtocol, protocol };
}
