/** The words for an answer in the target's name that a router further on contradicts. */
import type { AnswerReport } from './renderer.ts';

/** The state of a port, as the brackets behind the target have it; '' stays ''. */
export function judgedState(state: string, { contradiction }: AnswerReport): string {
  return state === '' || !contradiction ? state : `${state}, not by the target?`;
}

/** One line that says why, at most 80 columns wide; '' where nothing contradicts the answer. */
export function contradictionText({ contradiction }: AnswerReport): string {
  if (!contradiction) return '';
  return `A router further on answers: ${contradiction.from} at hop ${contradiction.ttl}\n`;
}
