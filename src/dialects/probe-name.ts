import { probeTypes } from '../../probes/index.ts';

/** A probe type by name, and the protocol for the generic one. */
export interface NamedProbe {
  readonly name: string;
  readonly protocol: number;
}

/**
 * The probe that a protocol's name or number asks for: a type of its own where there is one, else the generic.
 * @param protocolNumber - knows further names
 */
export function probeByName(
  text: string,
  protocolNumber: (name: string) => number | undefined = () => undefined,
): NamedProbe | undefined {
  const wanted = text.toLowerCase();
  const own = probeTypes.find(({ name }) => name === wanted && name !== 'generic');
  if (own) return { name: own.name, protocol: 0 };
  const number = protocolNumber(wanted) ?? (/^\d{1,3}$/.test(wanted) ? Number(wanted) : NaN);
  return number >= 1 && number <= 255 ? probeByNumber(number) : undefined;
}

/** A number that a probe type serves gives that type: generic octets would be no valid header there. */
function probeByNumber(protocol: number): NamedProbe {
  const own = probeTypes.find((type) => type.name !== 'generic' && type.ipProtocol(4, protocol) === protocol);
  return own ? { name: own.name, protocol: 0 } : { name: 'generic', protocol };
}
