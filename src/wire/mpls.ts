/** Reads MPLS label stacks from ICMP extensions. RFC 4950 section 3, RFC 3032 section 2.1. */
import { viewOf } from './bytes.ts';
import type { IcmpExtensionObject } from './icmp-extension.ts';

/** Class number and type of the object that holds a label stack. RFC 4950 section 4. */
const LABEL_STACK = { classNumber: 1, classType: 1 } as const;
const ENTRY_LENGTH = 4;

/** One label stack entry. RFC 3032 section 2.1. */
export interface LabelStackEntry {
  /** 20 bits. */
  readonly label: number;
  /** The traffic class, once called EXP: 3 bits. RFC 5462. */
  readonly trafficClass: number;
  readonly bottomOfStack: boolean;
  readonly ttl: number;
}

/** The label stack among `objects`, top first; empty when there is none. */
export function decodeLabelStack(objects: readonly IcmpExtensionObject[]): LabelStackEntry[] {
  return objects
    .filter(
      (object) =>
        object.classNumber === LABEL_STACK.classNumber && object.classType === LABEL_STACK.classType,
    )
    .flatMap(({ payload }) => decodeEntries(payload));
}

function decodeEntries(payload: Uint8Array): LabelStackEntry[] {
  const view = viewOf(payload, 0, 'MPLS label stack');
  return Array.from({ length: Math.floor(payload.length / ENTRY_LENGTH) }, (_, index) => {
    const entry = view.getUint32(index * ENTRY_LENGTH);
    return {
      label: entry >>> 12,
      trafficClass: (entry >>> 9) & 0x7,
      bottomOfStack: ((entry >>> 8) & 1) === 1,
      ttl: entry & 0xff,
    };
  });
}
