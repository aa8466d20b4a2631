/**
 * Refusals that are proven. A router that refuses what it would pass on says so to each larger TTL too; one that says
 * "unreachable" where it means time exceeded says so at its own hop alone.
 */
import type { RepliedSlot, Slot } from './slot.ts';

/**
 * The slot that ends a trace now that one is replied: an answer of the target's, or the nearest refusal of a responder that
 * has answered at another hop too. Undefined while nothing does.
 * @param slots - of the trace, `attempts` for each hop
 * @param index - of the slot that is replied
 */
export function provenEnd(slots: readonly Slot[], index: number, attempts: number): number | undefined {
  const slot = slots[index];
  if (slot?.state !== 'replied') return undefined;
  if (isOfTarget(slot)) return index;
  const indices = slots.flatMap((other, at) =>
    other.state === 'replied' && other.responder === slot.responder ? [at] : [],
  );
  const hopOf = (at: number): number => Math.floor(at / attempts);
  if (indices.every((at) => hopOf(at) === hopOf(index))) return undefined;
  return indices.find((at) => isRefusal(slots[at]));
}

function isOfTarget({ reach, claim }: RepliedSlot): boolean {
  return reach === 'arrived' && (claim === 'own' || claim === 'station');
}

function isRefusal(slot: Slot | undefined): boolean {
  return slot?.state === 'replied' && slot.reach !== 'transit';
}
