/** Shows a matrix, while it runs and at its end. */
import { given } from '../../model/given.ts';
import type { World } from '../../ports/world.ts';
import { addressOf, type Address } from '../../model/address.ts';
import type { MatrixFacts } from '../../verdict/facts.ts';
import type { MatrixRequest, Plan } from '../../model/plan.ts';
import type { Reply } from '../../model/reply.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { explanation } from '../../render/matrix/explain.ts';
import type { RuleFlow } from '../../render/matrix/rules/rule-flow.ts';
import { matrixJson } from '../../formats/matrix-json.ts';
import { matrixText, progressText, type MatrixTextOptions } from '../../render/matrix/matrix-text.ts';
import { coloured, plain } from '../../render/matrix/paint.ts';
import type { Label } from '../../model/label.ts';
import type { Names } from '../../measure/names.ts';
import type { MatrixEvent, MatrixStart } from '../../measure/matrix/matrix-event.ts';
import { LiveScreen } from './live-screen.ts';

type MatrixEnd = Extract<MatrixEvent, { type: 'end' }>;

/** All that showing a matrix takes. */
export interface MatrixScreenOptions {
  readonly plan: Plan;
  readonly request: MatrixRequest;
  readonly world: World;
  readonly names: Names;
  readonly start: MatrixStart;
}

/** A matrix on the screen. */
export class MatrixScreen {
  readonly #options: MatrixScreenOptions;
  readonly #live: LiveScreen;
  readonly #labels = new Map<Address, Label>();
  readonly #startedAt: string;

  constructor(options: MatrixScreenOptions) {
    this.#options = options;
    this.#startedAt = options.world.utcNow();
    this.#live = new LiveScreen(options.world, () =>
      progressText(options.start.facts(), this.#textOptions()),
    );
  }

  /** Takes note of a reply. */
  update({ responder }: Reply): void {
    const { plan, names } = this.#options;
    if (plan.json) return;
    void names.label(responder);
    this.#live.update();
  }

  /** Prints the result. It waits a while for names. */
  async end({ facts, verdicts, packets, isInterrupted }: MatrixEnd): Promise<void> {
    const { plan, world, start } = this.#options;
    if (plan.display.debug) world.stderr(`debug: ${packets} packets sent\n`);
    if (plan.json) {
      const run = {
        host: start.endpoints.host.name,
        source: start.endpoints.source,
        startedAt: this.#startedAt,
        finishedAt: world.utcNow(),
        options: plan,
        packets,
        isInterrupted,
        flowOf: (verdict: Verdict): RuleFlow => this.#flowOf(verdict),
      };
      world.stdout(matrixJson(facts, verdicts, run));
      return;
    }
    await this.#awaitLabels(facts);
    this.#live.end();
    world.stdout(matrixText(facts, verdicts, this.#textOptions()));
  }

  async #awaitLabels({ routers, matrix }: MatrixFacts): Promise<void> {
    const addresses = [...routers.keys(), matrix.target];
    const labels = await Promise.all(
      addresses.map(async (address) => await this.#options.names.promptLabel(address)),
    );
    for (const [index, address] of addresses.entries()) this.#labels.set(address, labels[index] ?? {});
  }

  #textOptions(): MatrixTextOptions {
    const { plan, request, world, start } = this.#options;
    const { terminal } = world;
    return {
      host: start.endpoints.host.name,
      firstTtl: plan.firstTtl,
      maxTtl: plan.maxTtl,
      labels: this.#labels,
      width: terminal?.width ?? Infinity,
      mark: terminal?.isUtf8 ? '…' : '...',
      paint: terminal?.colour ? coloured : plain,
      explain: (verdict, lastPort) =>
        explanation(
          verdict,
          { ...this.#flowOf(verdict), ...given({ lastPort }) },
          {
            ...(request.explain ? { at: this.#startedAt } : {}),
            rules: request.rules,
            width: terminal?.width ?? Infinity,
          },
        ),
    };
  }

  #flowOf({ column }: Verdict): RuleFlow {
    const { columns, endpoints } = this.#options.start;
    const spec = columns.find(({ record }) => record.probe.name === column.name)?.spec;
    return {
      family: endpoints.family,
      source: spec ? addressOf(spec.flow.source) : endpoints.source,
      target: endpoints.target,
      ...(spec?.probeType.reservedPort ? { sourcePort: spec.flow.ident } : {}),
      port: spec?.flow.port ?? 0,
      protocol: spec?.probeType.ipProtocol(endpoints.family, column.probe.protocol) ?? 0,
    };
  }
}
