/** Reads the extension objects of an ICMP error, each by its class. RFC 4884 section 8. */
import { addressOf } from '../model/address.ts';
import type { IcmpExtension } from '../model/extension.ts';
import { given } from '../model/given.ts';
import type { IcmpExtensionObject } from '../wire/icmp-extension.ts';
import { decodeInterface } from '../wire/interface-information.ts';
import { decodeLabelStack } from '../wire/mpls.ts';

const NONE: readonly IcmpExtension[] = [];

/** The objects in their order. One that cannot be read is kept as it is. */
export function extensionsOf(objects: readonly IcmpExtensionObject[]): readonly IcmpExtension[] {
  return objects.length === 0 ? NONE : objects.map(extensionOf);
}

function extensionOf(object: IcmpExtensionObject): IcmpExtension {
  const own = { class: object.classNumber, type: object.classType };
  const labels = decodeLabelStack([object]);
  if (labels.length > 0) return { ...own, kind: 'mpls', labels };
  const known = decodeInterface(object);
  if (!known) return { ...own, kind: 'other', octets: object.payload };
  const { role, address, ...facts } = known;
  return {
    ...own,
    kind: 'interface',
    role,
    ...given({ ...facts, address: address && addressOf(address) }),
  };
}
