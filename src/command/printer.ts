/** Prints outcomes in their order. Each waits a while for the name of its responder. */
import type { ForeignDatagram } from '../engine/classify.ts';
import type { Outcome, StopReason } from '../model/outcome.ts';
import type { Label } from '../model/label.ts';
import type { Rendered, Renderer } from '../render/renderer.ts';
import type { Names } from '../measure/names.ts';
import type { World } from '../ports/world.ts';

const UNNAMED: Label = {};

/** Prints outcomes in their order. */
export class Printer {
  readonly #world: Pick<World, 'stdout' | 'stderr'>;
  readonly #renderer: Renderer;
  readonly #names: Names;
  /** Resolves when everything enqueued so far is printed. */
  #printed: Promise<void> = Promise.resolve();

  constructor(world: Pick<World, 'stdout' | 'stderr'>, renderer: Renderer, names: Names) {
    this.#world = world;
    this.#renderer = renderer;
    this.#names = names;
  }

  head(): void {
    this.#world.stderr(this.#renderer.head());
  }

  outcome(outcome: Outcome, sent: () => Uint8Array): void {
    const responder = outcome.status === 'replied' ? outcome.reply.responder : undefined;
    if (responder !== undefined) void this.#names.label(responder); // asked for now, waited for in its turn
    this.#enqueue(async () => {
      const label = responder === undefined ? UNNAMED : await this.#names.promptLabel(responder);
      return this.#renderer.outcome(outcome, label, sent);
    });
  }

  foreign(foreign: ForeignDatagram): void {
    this.#enqueue(() => Promise.resolve(this.#renderer.foreign(foreign)));
  }

  /** Prints a text on standard error, in its turn. */
  note(text: string): void {
    this.#enqueue(() => Promise.resolve({ stdout: '', stderr: text }));
  }

  /** Prints the end. Resolves when everything is printed. */
  async end(reason: StopReason): Promise<void> {
    this.#enqueue(() => Promise.resolve(this.#renderer.end(reason)));
    await this.#printed;
  }

  #enqueue(render: () => Promise<Rendered>): void {
    this.#printed = this.#printed.then(async () => {
      const { stdout, stderr } = await render();
      if (stderr !== '') this.#world.stderr(stderr);
      if (stdout !== '') this.#world.stdout(stdout);
    });
  }
}
