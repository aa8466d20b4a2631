/** Extension objects of an ICMP error in a JSON document. RFC 4884, RFC 4950, RFC 5837. */
import type { IcmpExtension } from '../model/extension.ts';

/** An object by its class; `data` are the octets of an unknown one in hexadecimal. */
export type JsonExtension =
  Exclude<IcmpExtension, { kind: 'other' }> | (Omit<OtherExtension, 'octets'> & { readonly data: string });

type OtherExtension = Extract<IcmpExtension, { kind: 'other' }>;

/** The objects in their order. */
export function jsonExtensions(extensions: readonly IcmpExtension[]): readonly JsonExtension[] {
  return extensions.map((extension) => {
    if (extension.kind !== 'other') return extension;
    const { octets, ...known } = extension;
    return { ...known, data: Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('') };
  });
}
