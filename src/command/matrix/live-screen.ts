/** Redraws a text in place on a terminal. */
import type { Cancel, Clock } from '../../ports/clock.ts';
import type { World } from '../../ports/world.ts';
import { startOf } from '../../render/matrix/width.ts';

/** Least time between two drawings: more would only flicker. */
const REDRAW_MS = 100;
/** Drawing takes a fifth of the time at most: probes come first, and a table of 256 columns takes its time. */
const REST_FACTOR = 4;
/** Moves to the start of the line `lines` up and erases from there on. ECMA-48 sections 8.3.23 and 8.3.39. */
const UP = (lines: number): string => `\u001b[${lines}F\u001b[J`;

/** A text that is redrawn in place. */
export class LiveScreen {
  readonly #world: Pick<World, 'stdout' | 'terminal'>;
  readonly #clock: Clock;
  readonly #text: () => string;
  /** Lines on the screen now. */
  #lines = 0;
  /** How long the last drawing took. */
  #drawingMs = 0;
  #cancel: Cancel | undefined;

  /** @param text - makes the text when it is drawn; each line ends with a newline */
  constructor(world: Pick<World, 'stdout' | 'terminal' | 'clock'>, text: () => string) {
    this.#world = world;
    this.#clock = world.clock;
    this.#text = text;
  }

  /** Draws soon. Without a terminal, or on one that is dumb, it does nothing. */
  update(): void {
    if (!this.#world.terminal?.redraws) return;
    this.#cancel ??= this.#clock.schedule(this.#clock.nowMs() + this.#restMs, () => {
      this.#cancel = undefined;
      const startMs = this.#clock.nowMs();
      this.#draw();
      this.#drawingMs = this.#clock.nowMs() - startMs;
    });
  }

  get #restMs(): number {
    return Math.max(REDRAW_MS, REST_FACTOR * this.#drawingMs);
  }

  /** Erases the drawing, so that the final text takes its place. */
  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#lines > 0) this.#world.stdout(UP(this.#lines));
    this.#lines = 0;
  }

  #draw(): void {
    const { terminal } = this.#world;
    if (!terminal) return;
    // lines that have scrolled off the top cannot be redrawn
    const lines = this.#text()
      .split('\n')
      .slice(0, -1)
      .map((line) => startOf(line, terminal.width))
      .slice(0, terminal.height - 1);
    this.#world.stdout((this.#lines > 0 ? UP(this.#lines) : '') + lines.map((line) => `${line}\n`).join(''));
    this.#lines = lines.length;
  }
}
