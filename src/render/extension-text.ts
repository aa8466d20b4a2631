/** Extension objects in the words of Linux traceroute's `-e`. RFC 4950, RFC 5837. */
import type { IcmpExtension, InterfaceRole, MplsLabel } from '../model/extension.ts';

const ROLES: Readonly<Record<InterfaceRole, string>> = {
  incoming: 'INC',
  'sub-ip': 'SUB',
  outgoing: 'OUT',
  'next-hop': 'NXT',
};
/** Octets of ASCII that are printed as they are: all that leave a mark, but the quotation mark and the sign of escapes. */
const PLAIN = /[!#$&-~]/;

/** All objects of an error: `<MPLS:L=16004,E=0,S=0,T=1>`, `<INC:4,"eth1",mtu=1500>`, `<200/7:deadbeef>`; '' for none. */
export function extensionText(extensions: readonly IcmpExtension[]): string {
  return extensions.length === 0 ? '' : `<${extensions.map(objectText).join(';')}>`;
}

function objectText(extension: IcmpExtension): string {
  switch (extension.kind) {
    case 'mpls':
      return `MPLS:${extension.labels.map(labelText).join('/')}`;
    case 'interface':
      return `${ROLES[extension.role]}:${interfaceFacts(extension).join(',')}`;
    case 'other':
      return `${extension.class}/${extension.type}:${wordsOf(extension.octets).join(',')}`;
  }
}

function labelText({ label, trafficClass, bottomOfStack, ttl }: MplsLabel): string {
  return `L=${label},E=${trafficClass},S=${Number(bottomOfStack)},T=${ttl}`;
}

function interfaceFacts(extension: IcmpExtension & { kind: 'interface' }): string[] {
  const { index, address, name, mtu } = extension;
  return [
    ...(index === undefined ? [] : [String(index)]),
    ...(address === undefined ? [] : [address]),
    ...(name === undefined ? [] : [`"${escaped(name)}"`]),
    ...(mtu === undefined ? [] : [`mtu=${mtu}`]),
  ];
}

/** What a terminal might obey, as `%` and two digits for each octet. */
function escaped(name: string): string {
  const octets = Array.from(new TextEncoder().encode(name));
  return octets
    .map((octet) => {
      const character = String.fromCharCode(octet);
      return PLAIN.test(character) ? character : `%${hex(octet).toUpperCase()}`;
    })
    .join('');
}

/** Words of 32 bits in hexadecimal; the last one may be shorter. */
function wordsOf(octets: Uint8Array): string[] {
  return (
    Array.from(octets, hex)
      .join('')
      .match(/.{1,8}/g) ?? []
  );
}

function hex(octet: number): string {
  return octet.toString(16).padStart(2, '0');
}
