/** Octets of routing netlink messages: headers, attributes, errors. netlink(7), rtnetlink(7), linux/rtnetlink.h */

import type { Family } from '../../model/address.ts';
import { AF } from './constants.ts';

/** Types of messages. */
export const NETLINK = {
  ERROR: 2,
  DONE: 3,
  NEWLINK: 16,
  GETLINK: 18,
  NEWROUTE: 24,
  GETROUTE: 26,
  NEWRULE: 32,
  GETRULE: 34,
} as const;

/** Flags of a request. */
const NETLINK_FLAG = { REQUEST: 0x1, DUMP: 0x300 } as const;

const HEADER_LENGTH = 16;
const ATTRIBUTE_HEADER_LENGTH = 4;
const ALIGNMENT = 4;

/** An attribute of a message: its type, and its value as octets. */
export type Attribute = readonly [type: number, value: Uint8Array];

/** One message of an answer. */
export interface NetlinkMessage {
  readonly type: number;
  /** What follows the header. */
  readonly body: DataView;
}

/** Encodes a request. `body` is the structure before the attributes. The sequence number is 0: answers come in order. */
export function encodeRequest(
  type: number,
  flags: number,
  body: Uint8Array,
  attributes: readonly Attribute[],
): Uint8Array {
  let length = HEADER_LENGTH + body.length;
  for (const [, value] of attributes) length += aligned(ATTRIBUTE_HEADER_LENGTH + value.length);
  const octets = new Uint8Array(length);
  const view = new DataView(octets.buffer);
  view.setUint32(0, length, true);
  view.setUint16(4, type, true);
  view.setUint16(6, NETLINK_FLAG.REQUEST | flags, true);
  octets.set(body, HEADER_LENGTH);
  let at = HEADER_LENGTH + body.length;
  for (const [attribute, value] of attributes) {
    view.setUint16(at, ATTRIBUTE_HEADER_LENGTH + value.length, true);
    view.setUint16(at + 2, attribute, true);
    octets.set(value, at + ATTRIBUTE_HEADER_LENGTH);
    at += aligned(ATTRIBUTE_HEADER_LENGTH + value.length);
  }
  return octets;
}

/**
 * Encodes the question for all that there is of a family.
 * @param size - octets of the structure before the attributes, whose first octet is the family
 */
export function encodeDumpRequest(type: number, family: Family, size: number): Uint8Array {
  const body = new Uint8Array(size);
  body[0] = family === 4 ? AF.INET : AF.INET6;
  return encodeRequest(type, NETLINK_FLAG.DUMP, body, []);
}

/** Splits what one read answered into messages. What is cut off is left out. */
export function messagesOf(octets: Uint8Array): NetlinkMessage[] {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const messages: NetlinkMessage[] = [];
  for (let at = 0; at + HEADER_LENGTH <= octets.length;) {
    const length = view.getUint32(at, true);
    if (length < HEADER_LENGTH || at + length > octets.length) break;
    const body = new DataView(octets.buffer, octets.byteOffset + at + HEADER_LENGTH, length - HEADER_LENGTH);
    messages.push({ type: view.getUint16(at + 4, true), body });
    at += aligned(length);
  }
  return messages;
}

/** The errno of an error message, positive; 0 for a mere acknowledgment. */
export function errnoOf({ body }: NetlinkMessage): number {
  return body.byteLength < 4 ? 0 : -body.getInt32(0, true);
}

/** The attributes of a message behind its structure of `from` octets, by type, in its memory. What is cut off is left out. */
export function attributesOf(body: DataView, from: number): Map<number, Uint8Array> {
  const attributes = new Map<number, Uint8Array>();
  for (let at = from; at + ATTRIBUTE_HEADER_LENGTH <= body.byteLength;) {
    const length = body.getUint16(at, true);
    if (length < ATTRIBUTE_HEADER_LENGTH || at + length > body.byteLength) break;
    const start = body.byteOffset + at + ATTRIBUTE_HEADER_LENGTH;
    const value = new Uint8Array(body.buffer, start, length - ATTRIBUTE_HEADER_LENGTH);
    attributes.set(body.getUint16(at + 2, true) & TYPE_MASK, value);
    at += aligned(length);
  }
  return attributes;
}

/** The upper two bits of an attribute's type are flags. linux/netlink.h */
const TYPE_MASK = 0x3fff;

function aligned(length: number): number {
  return (length + ALIGNMENT - 1) & -ALIGNMENT;
}
