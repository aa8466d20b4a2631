/** Doubts about an answer in the target's name as members of a JSON document. */
import type { Doubt } from '../verdict/doubt.ts';
import { doubtText } from '../render/matrix/doubt-text.ts';

/** One doubt. */
export interface JsonDoubt {
  readonly type: Doubt['type'];
  /** The probe whose answer it comes from; null where it comes from none. */
  readonly probe: string | null;
  /** In words. */
  readonly text: string;
}

/** The doubts in their order. */
export function jsonDoubts(doubts: readonly Doubt[]): readonly JsonDoubt[] {
  return doubts.map((doubt) => ({
    type: doubt.type,
    probe: doubt.column?.name ?? null,
    text: doubtText(doubt),
  }));
}
