/** Prints outcomes in their order. Each waits a while for the name of its responder. */
import type { ForeignDatagram } from '../engine/classify.ts';
import type { Outcome, StopReason } from '../model/outcome.ts';
import type { Label } from '../model/label.ts';
import { printableLines } from '../model/printable.ts';
import { NOTHING, type Rendered, type Renderer } from '../render/renderer.ts';
import type { Names } from '../measure/names.ts';
import type { World } from '../ports/world.ts';

const UNNAMED: Label = {};

/** Makes a text when its turn comes. It promises the text where it waits for a name. */
type Render = () => Rendered | Promise<Rendered>;

/** Prints outcomes in their order. */
export class Printer {
  readonly #world: Pick<World, 'stdout' | 'stderr'>;
  readonly #renderer: Renderer;
  readonly #names: Names;
  readonly #waiting: Render[] = [];
  /** Rejects with what a renderer throws. */
  #printed: Promise<void> | undefined;
  /** For standard output, once no more is ready: each write is a system call. */
  #ready = '';

  constructor(world: Pick<World, 'stdout' | 'stderr'>, renderer: Renderer, names: Names) {
    this.#world = world;
    this.#renderer = renderer;
    this.#names = names;
  }

  head(): void {
    this.#world.stderr(printableLines(this.#renderer.head()));
  }

  outcome(outcome: Outcome, sent: () => Uint8Array): void {
    const responder = outcome.status === 'replied' ? outcome.reply.responder : undefined;
    if (responder === undefined) {
      this.#enqueue(() => this.#renderer.outcome(outcome, UNNAMED, sent));
      return;
    }
    void this.#names.label(responder); // asked for now, waited for in its turn
    this.#enqueue(() => {
      const label = this.#names.promptLabel(responder);
      if (!(label instanceof Promise)) return this.#renderer.outcome(outcome, label, sent);
      return label.then((late) => this.#renderer.outcome(outcome, late, sent));
    });
  }

  /** Has what comes next wait for this, when its turn comes. */
  hold(until: () => Promise<void> | undefined): void {
    this.#enqueue(() => until()?.then(() => NOTHING) ?? NOTHING);
  }

  foreign(foreign: ForeignDatagram): void {
    this.#enqueue(() => this.#renderer.foreign(foreign));
  }

  /** Prints a text on standard error, in its turn. */
  note(text: string): void {
    this.#enqueue(() => ({ stdout: '', stderr: text }));
  }

  /** Prints the end. Resolves when everything is printed. */
  async end(reason: StopReason): Promise<void> {
    this.#enqueue(() => this.#renderer.end(reason));
    await this.#printed;
  }

  #enqueue(render: Render): void {
    this.#waiting.push(render);
    this.#printed ??= Promise.resolve().then(() => this.#print());
  }

  /** Prints all that waits. What is ready at the same time is written at once. */
  async #print(): Promise<void> {
    try {
      for (let render = this.#waiting.shift(); render; render = this.#waiting.shift()) {
        const rendered = render();
        if (rendered instanceof Promise) this.#write();
        this.#take(rendered instanceof Promise ? await rendered : rendered);
      }
    } finally {
      this.#write();
    }
    this.#printed = undefined;
  }

  #take({ stdout, stderr }: Rendered): void {
    if (stderr !== '') {
      this.#write();
      this.#world.stderr(printableLines(stderr));
    }
    this.#ready += stdout;
  }

  #write(): void {
    const text = this.#ready;
    this.#ready = '';
    if (text !== '') this.#world.stdout(printableLines(text));
  }
}
