/** What one command has of its own: its name, its words, its text. */
import type { Wording } from '../measure/context.ts';
import type { Plan } from '../model/plan.ts';
import type { Renderer, TraceFacts } from '../render/renderer.ts';

/** Name, words and text of one command. */
export interface Style {
  /** The name that the command was called by. */
  readonly program: string;
  /** Whether the domain of this machine is cut from names. */
  readonly cutLocalDomain: boolean;
  readonly wording: Wording;
  renderer(facts: TraceFacts, plan: Plan): Renderer;
}
