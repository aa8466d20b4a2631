/** The responders of a table, in as few columns of a terminal as there are. */
import type { Address } from '../../model/address.ts';
import type { Label } from '../../model/label.ts';
import { hostText } from '../responder-text.ts';
import { shortened, widthOf } from './width.ts';

/** A name of fewer columns tells too little beside its address. */
const LEAST_NAME = 10;

/**
 * A responder in up to `width` columns: with its whole name, with the middle of the name left out, or by its address.
 * @param mark - stands for what is left out
 */
export function responderText(address: Address, label: Label, width: number, mark: string): string {
  const whole = hostText(address, label);
  if (widthOf(whole) <= width) return whole;
  const { name } = label;
  const room = width - widthOf(hostText(address, { ...label, name: '' }));
  if (name !== undefined && room >= LEAST_NAME) {
    return hostText(address, { ...label, name: shortened(name, room, mark) });
  }
  const { embedded } = label;
  const withEmbedded = hostText(address, embedded === undefined ? {} : { embedded });
  return widthOf(withEmbedded) <= width ? withEmbedded : shortened(address, width, mark);
}
