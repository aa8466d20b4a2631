/** The text of BSD traceroute(8). */
import type { Address } from '../model/address.ts';
import type { Label } from '../model/label.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Display, Plan } from '../model/plan.ts';
import type { Reply } from '../model/reply.ts';
import { endOfTrace, reachOf, type Reach, type StopRule } from '../model/stop-rule.ts';
import { ECN, ECN_MASK } from '../wire/codes.ts';
import { lettersOf } from './annotation.ts';
import { contradictionText, judgedState } from './contradiction.ts';
import { extensionText } from './extension-text.ts';
import { foreignText } from './foreign-text.ts';
import { comparison, headerKey, sentDump } from './octets.ts';
import { Refusals } from './refusals.ts';
import {
  NOTHING,
  UNDOUBTED,
  type AnswerReport,
  type ForeignMessage,
  type Rendered,
  type Renderer,
  type TraceFacts,
} from './renderer.ts';
import { hostText, rttText } from './responder-text.ts';
import { tcpStateText } from './tcp-state.ts';
import { TranslationLine } from './translation.ts';

/** The fate of the ECN field, by its value in the quote. Probes went out with ECT(1). RFC 3168 section 5. */
const ECN_TEXT: Readonly<Record<number, string>> = {
  [ECN.notCapable]: 'bleached',
  [ECN.ect1]: 'passed',
  [ECN.ect0]: 'mangled',
  [ECN.congestion]: 'congested',
};

/** What of a plan shapes the text. */
type BsdSettings = Pick<Plan, 'display' | 'extensions' | 'names' | 'stopRule' | 'translation'>;

type Replied = Outcome & { status: 'replied' };

class BsdRenderer implements Renderer {
  readonly #facts: TraceFacts;
  readonly #display: Display;
  /** Names are looked up, so each address has something before its parentheses. */
  readonly #showsNames: boolean;
  readonly #showsExtensions: boolean;
  readonly #stopRule: StopRule;
  /** The responder that stands last on the line of this hop, the state of its port, and its extensions. */
  #shown: { address: Address; state: string; extensions: string } | undefined;
  /** Probes of this hop without a reply. */
  #lost = 0;
  readonly #translation: TranslationLine;
  #midLine = false;
  /** The line has its TTL and nothing else, because a message broke it. */
  #isBegun = false;
  /** The TTL whose line comes next; undefined once the trace is over. */
  #nextTtl: number | undefined;
  /** How far the probes of this hop got. */
  #reaches: Reach[] = [];
  readonly #refusals = new Refusals();
  /** What standard error says of the last outcome. */
  #failure = '';
  #report = UNDOUBTED;

  constructor(facts: TraceFacts, { display, extensions, names, stopRule, translation }: BsdSettings) {
    this.#showsExtensions = extensions;
    this.#translation = new TranslationLine(translation);
    this.#facts = facts;
    this.#display = display;
    this.#showsNames = names !== 'none';
    this.#stopRule = stopRule;
    this.#nextTtl = facts.firstTtl;
  }

  head(): string {
    const { program, host, target, givenSource, maxTtl, length } = this.#facts;
    const from = givenSource === undefined ? '' : ` from ${givenSource}`;
    return `${program} to ${host} (${target})${from}, ${maxTtl} hops max, ${length} byte packets\n`;
  }

  outcome(outcome: Outcome, label: Label, sent: () => Uint8Array): Rendered {
    const { ttl, attempt } = outcome.probe;
    const reply = outcome.status === 'replied' ? outcome.reply : undefined;
    const translated = this.#translation.text(reply?.translation, attempt === 0);
    const begin = attempt === 0 ? this.#beginHop(ttl) : this.#resume(translated);
    if (reply) this.#reaches.push(reachOf(reply.kind, this.#facts.family));
    const dump = this.#display.verbosity > 1 ? sentDump(sent()) : '';
    const end = attempt === this.#facts.attempts - 1;
    this.#midLine = !end;
    this.#failure = '';
    const text = this.#result(outcome, label, sent);
    const stdout = translated + begin + dump + text + (end ? this.#endHop(ttl) : '');
    return { stdout, stderr: this.#failure };
  }

  judge(report: AnswerReport): void {
    this.#report = report;
  }

  foreign(message: ForeignMessage): Rendered {
    if (this.#display.verbosity === 0) return NOTHING;
    const text = foreignText(message, this.#facts.source);
    if (text === '') return NOTHING;
    const line = this.#lineToBreak();
    return { stdout: (text.startsWith('\n') ? line.trimEnd() : line) + text, stderr: '' };
  }

  end(): Rendered {
    return {
      stdout: this.#midLine ? '\n' : '',
      stderr: this.#refusals.rest(`${this.#facts.program}: sendto`) + contradictionText(this.#report),
    };
  }

  #beginHop(ttl: number): string {
    if (this.#isBegun) {
      this.#isBegun = false;
      return '';
    }
    this.#shown = undefined;
    this.#lost = 0;
    this.#reaches = [];
    return `${String(ttl).padStart(2)} `;
  }

  /** A message breaks the line of a hop. The original begins that line before it sends the hop's first probe. */
  #lineToBreak(): string {
    if (this.#midLine || this.#nextTtl === undefined) return '';
    const begin = this.#beginHop(this.#nextTtl);
    this.#isBegun = true;
    this.#midLine = true;
    return begin;
  }

  /** Goes on with a hop's line after a line of another kind: the responder is named again. */
  #resume(interruption: string): string {
    if (interruption === '') return '';
    this.#shown = undefined;
    return '   ';
  }

  #endHop(ttl: number): string {
    const isOver =
      endOfTrace(this.#stopRule, this.#reaches, this.#facts.attempts) ?? ttl === this.#facts.maxTtl;
    this.#nextTtl = isOver ? undefined : ttl + 1;
    const percent = Math.floor((this.#lost * 100) / this.#facts.attempts);
    return this.#display.loss ? ` (${percent}% loss)\n` : '\n';
  }

  #result(outcome: Outcome, label: Label, sent: () => Uint8Array): string {
    if (outcome.status === 'replied') {
      const { reply, rttMs } = outcome;
      return this.#responder(reply, label) + `  ${rttText(rttMs)}` + this.#remarks(outcome, sent);
    }
    this.#lost++;
    if (outcome.status === 'timed-out' || !this.#refusals.isShown(outcome.error.message)) return ' *';
    const { program, host, length } = this.#facts;
    this.#failure = `${program}: sendto: ${outcome.error.message}\n`;
    return `${program}: wrote ${host} ${length} chars, ret=-1\n *`;
  }

  /** The responder, where it is not the one before. It begins a new line, where there was one before. */
  #responder(reply: Reply, label: Label): string {
    const before = this.#shown;
    const state = judgedState(tcpStateText(reply.kind), this.#report);
    const extensions = this.#showsExtensions ? extensionText(reply.extensions) : '';
    this.#shown = { address: reply.responder, state, extensions };
    if (before?.address !== reply.responder) {
      const host = this.#address(reply, label) + bracketed(state) + this.#length(reply);
      return (before ? '\n   ' : '') + host + spaced(extensions);
    }
    return changed(before.state, state, bracketed) + changed(before.extensions, extensions, spaced);
  }

  #address({ responder }: Reply, label: Label): string {
    const as = label.asNumber === undefined ? '' : ` [AS${label.asNumber}]`;
    return `${as} ${hostText(responder, this.#showsNames ? { name: responder, ...label } : label)}`;
  }

  #length({ length, receivedBy }: Reply): string {
    if (this.#display.verbosity === 0) return '';
    return ` ${length} bytes to ${receivedBy ?? this.#facts.source}`;
  }

  #remarks(outcome: Replied, sent: () => Uint8Array): string {
    const { ecn, octets } = this.#display;
    const { reply } = outcome;
    const ecnText = ecn && reply.quote ? ` (ecn=${ECN_TEXT[reply.quote.tos & ECN_MASK] ?? ''})` : '';
    return ecnText + (octets ? this.#octets(reply, sent()) : '') + this.#annotation(outcome);
  }

  #octets({ quote }: Reply, sent: Uint8Array): string {
    const key = headerKey(sent, this.#facts.fieldKey);
    return `\n${key}\n${comparison(sent, quote?.octets ?? new Uint8Array())}`;
  }

  /** The letters of an error. `!` alone marks an arrival with its TTL nearly used up: its path back may be longer. */
  #annotation(outcome: Replied): string {
    const letters = lettersOf(outcome, this.#facts.family, 'bsd');
    if (letters !== '') return ` ${letters}`;
    const { ttl } = outcome.reply;
    return outcome.reach === 'arrived' && ttl !== undefined && ttl <= 1 ? ' !' : '';
  }
}

function spaced(text: string): string {
  return text === '' ? '' : ` ${text}`;
}

function changed(before: string, now: string, form: (text: string) => string): string {
  return before === now ? '' : form(now);
}

function bracketed(state: string): string {
  return state === '' ? '' : ` [${state}]`;
}

/** A renderer with the text of BSD traceroute. */
export function bsdRenderer(facts: TraceFacts, settings: BsdSettings): Renderer {
  return new BsdRenderer(facts, settings);
}
