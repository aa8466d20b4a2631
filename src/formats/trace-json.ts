/** One trace as a JSON document. */
import { sameHost, type Address } from '../model/address.ts';
import { given } from '../model/given.ts';
import type { Outcome, StopReason } from '../model/outcome.ts';
import type { MplsLabel } from '../model/extension.ts';
import type { Precision, QuotedField, Translation } from '../model/reply.ts';
import { lettersOf, type AnnotationStyle } from '../render/annotation.ts';
import { jsonText } from './json-text.ts';
import { jsonExtensions, type JsonExtension } from './extension-json.ts';
import {
  NOTHING,
  UNDOUBTED,
  type AnswerReport,
  type Rendered,
  type Renderer,
  type TraceFacts,
} from '../render/renderer.ts';
import type { Label } from '../model/label.ts';
import { tcpStateText } from '../render/tcp-state.ts';

/** One probe's reply. Members that are not known are absent. */
interface JsonAttempt {
  readonly from: Address;
  /** Whether that is the target's address. A target may answer from another one of its own. */
  readonly fromTarget: boolean;
  readonly name?: string;
  /** 0 where nobody knows it. */
  readonly asNumber?: number;
  /** The IPv4 address that the responder's address holds. */
  readonly nat64?: Address;
  readonly rttMs: number;
  readonly precision: Precision;
  /** The letters of the command: `!X`; '' for none. */
  readonly annotation: string;
  /** State of the target's port: `open`, `open, ecn`, `closed`, `unknown, FLAGS`. */
  readonly tcp?: string;
  /** TTL or hop limit with which the reply arrived. */
  readonly ttl?: number;
  readonly mpls?: readonly MplsLabel[];
  /** All that the router added to its error, label stacks too. RFC 4884. */
  readonly extensions?: readonly JsonExtension[];
  /** Fields of the probe that the error quotes otherwise than they were sent, because a box rewrote them. */
  readonly quoted?: { readonly differs: readonly QuotedField[] };
  readonly dnat?: Translation;
}

/** A probe that the system refused to send. */
interface JsonFailure {
  /** The system's own words. */
  readonly error: string;
}

class JsonRenderer implements Renderer {
  readonly #facts: TraceFacts;
  readonly #style: AnnotationStyle;
  readonly #hops = new Map<number, (JsonAttempt | JsonFailure | null)[]>();
  #report = UNDOUBTED;

  constructor(facts: TraceFacts, style: AnnotationStyle) {
    this.#facts = facts;
    this.#style = style;
  }

  head(): string {
    return '';
  }

  outcome(outcome: Outcome, label: Label): Rendered {
    const { ttl } = outcome.probe;
    this.#hops.set(ttl, [...(this.#hops.get(ttl) ?? []), this.#attempt(outcome, label)]);
    return NOTHING;
  }

  judge(report: AnswerReport): void {
    this.#report = report;
  }

  foreign(): Rendered {
    return NOTHING;
  }

  end(stop: StopReason): Rendered {
    const { host, target, source, sourcePort, device, probe, port, transport, maxTtl, attempts, length } =
      this.#facts;
    const hops = Array.from(this.#hops, ([ttl, probes]) => ({ ttl, probes }));
    const document = {
      trace: {
        target: { name: host, address: target },
        source: { address: source, device, ...(sourcePort === undefined ? {} : { port: sourcePort }) },
        options: { probe, port, transport, maxTtl, attempts, length },
        hops,
        doubts: this.#report.doubts,
        contradicted: this.#report.contradiction !== undefined,
        stop,
      },
    };
    return { stdout: jsonText(document), stderr: '' };
  }

  #attempt(outcome: Outcome, { name, asNumber, embedded }: Label): JsonAttempt | JsonFailure | null {
    if (outcome.status === 'send-failed') return { error: outcome.error.message };
    if (outcome.status === 'timed-out') return null;
    const { rttMs, reply } = outcome;
    const { responder, kind, precision, ttl, mpls, extensions, quote, translation } = reply;
    const known = {
      name,
      asNumber,
      nat64: embedded,
      tcp: tcpStateText(kind) || undefined,
      ttl,
      mpls: mpls.length === 0 ? undefined : mpls,
      extensions: extensions.length === 0 ? undefined : jsonExtensions(extensions),
      quoted: quote?.differs && { differs: quote.differs },
      dnat: translation,
    };
    const { family, target } = this.#facts;
    const fromTarget = sameHost(responder, target);
    const annotation = lettersOf(outcome, family, this.#style);
    return { from: responder, fromTarget, ...given(known), rttMs, precision, annotation };
  }
}

/** A renderer that makes one JSON document when the trace has ended. `style` has the letters of its annotations. */
export function jsonRenderer(facts: TraceFacts, style: AnnotationStyle): Renderer {
  return new JsonRenderer(facts, style);
}
