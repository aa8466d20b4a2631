/** Reads what a router tells of its interfaces in ICMP extensions. RFC 5837. */
import { uint16At, uint32At } from './bytes.ts';
import type { IcmpExtensionObject } from './icmp-extension.ts';

/** Class number of interface information. RFC 5837 section 4. */
const INTERFACE_INFORMATION = 2;
/** What each bit of the class type says of the payload, in the payload's order. RFC 5837 section 4.1. */
const HAS = { index: 0x08, address: 0x04, name: 0x02, mtu: 0x01 } as const;
const ROLE_SHIFT = 6;
/** RFC 5837 section 4.1, from 0 on. */
const ROLES = ['incoming', 'sub-ip', 'outgoing', 'next-hop'] as const;
const WORD_LENGTH = 4;
/** Octets of an address by its number among address families. RFC 5837 section 4.2, IANA "Address Family Numbers". */
const ADDRESS_LENGTH: Readonly<Record<number, number>> = { 1: 4, 2: 16 };
/** RFC 5837 section 4.3: the length octet counts itself. */
const LONGEST_NAME = 64;

/** The part that an interface had in the datagram's way: it came in, goes out, or the next hop's. */
type InterfaceRole = (typeof ROLES)[number];

/** One interface. Members that the router does not tell are absent. */
export interface InterfaceInformation {
  readonly role: InterfaceRole;
  /** ifIndex of RFC 2863, 32 bits. */
  readonly index?: number;
  /** 4 or 16 octets. */
  readonly address?: Uint8Array;
  /** ifName of RFC 2863, at most 63 octets of UTF-8. */
  readonly name?: string;
  /** In octets. */
  readonly mtu?: number;
}

type Draft = { -readonly [Key in keyof InterfaceInformation]: InterfaceInformation[Key] };

/** The interface that an object tells of; undefined for one of another class, and for a malformed one. */
export function decodeInterface(object: IcmpExtensionObject): InterfaceInformation | undefined {
  const { classNumber, classType, payload } = object;
  if (classNumber !== INTERFACE_INFORMATION) return undefined;
  const found: Draft = { role: ROLES[classType >> ROLE_SHIFT] ?? 'incoming' };
  const steps = PARTS.filter(({ bit }) => (classType & bit) !== 0);
  let at = 0;
  for (const { read } of steps) {
    const length = read(payload.subarray(at), found);
    if (length === 0 || at + length > payload.length) return undefined;
    at += length;
  }
  return found;
}

/** Each part: its bit, and how it is read. `read` answers its length in octets, 0 where it is malformed. */
const PARTS: readonly { readonly bit: number; readonly read: (bytes: Uint8Array, into: Draft) => number }[] =
  [
    {
      bit: HAS.index,
      read: (bytes, into) => {
        into.index = uint32At(bytes, 0);
        return WORD_LENGTH;
      },
    },
    { bit: HAS.address, read: readAddress },
    { bit: HAS.name, read: readName },
    {
      bit: HAS.mtu,
      read: (bytes, into) => {
        into.mtu = uint32At(bytes, 0);
        return WORD_LENGTH;
      },
    },
  ];

function readAddress(bytes: Uint8Array, into: Draft): number {
  const length = ADDRESS_LENGTH[uint16At(bytes, 0)];
  if (length === undefined) return 0;
  into.address = bytes.subarray(WORD_LENGTH, WORD_LENGTH + length);
  return WORD_LENGTH + length;
}

function readName(bytes: Uint8Array, into: Draft): number {
  const [length = 0] = bytes;
  if (length === 0 || length > LONGEST_NAME || length % WORD_LENGTH !== 0) return 0;
  const [text = ''] = new TextDecoder().decode(bytes.subarray(1, length)).split('\0', 1);
  into.name = text;
  return length;
}
