/** The text of tcptraceroute(1). */
import type { Address } from '../model/address.ts';
import type { Label } from '../model/label.ts';
import type { Outcome, StopReason } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import type { Reply } from '../model/reply.ts';
import { lettersOf } from './annotation.ts';
import { contradictionText, judgedState } from './contradiction.ts';
import { extensionText } from './extension-text.ts';
import { Refusals } from './refusals.ts';
import {
  NOTHING,
  UNDOUBTED,
  type AnswerReport,
  type Rendered,
  type Renderer,
  type TraceFacts,
} from './renderer.ts';
import { hostText, rttText } from './responder-text.ts';
import { tcpStateText } from './tcp-state.ts';
import { TranslationLine } from './translation.ts';

/** The line of a hop so far. */
interface Shown {
  /** The responder that stands last on it. */
  readonly address?: Address;
  /** The state of the port that stands last on it. */
  readonly state: string;
  /** The extensions that stand last on it. */
  readonly extensions: string;
  /** The probe right before had no reply. */
  readonly star: boolean;
}

const NONE_SHOWN: Shown = { state: '', extensions: '', star: false };

/** What of a plan shapes the text. */
type Settings = Pick<Plan, 'extensions' | 'translation'>;

class TcptracerouteRenderer implements Renderer {
  readonly #facts: TraceFacts;
  readonly #showsExtensions: boolean;
  readonly #translation: TranslationLine;
  #shown: Shown = NONE_SHOWN;
  #midLine = false;
  readonly #refusals = new Refusals();
  #report = UNDOUBTED;

  constructor(facts: TraceFacts, { extensions, translation }: Settings) {
    this.#facts = facts;
    this.#showsExtensions = extensions;
    this.#translation = new TranslationLine(translation);
  }

  head(): string {
    const { device, source, sourcePort, typedHost, target, port, service, maxTtl, length, lengthGiven } =
      this.#facts;
    const from = sourcePort === undefined ? '' : `, port ${sourcePort}`;
    const host = typedHost === target ? target : `${typedHost} (${target})`;
    const portText = service === undefined ? String(port) : `${port} (${service})`;
    const lengthText = lengthGiven ? `, ${length} byte packets` : '';
    return (
      `Selected device ${device}, address ${source}${from} for outgoing packets\n` +
      `Tracing the path to ${host} on TCP port ${portText}, ${maxTtl} hops max${lengthText}\n`
    );
  }

  outcome(outcome: Outcome, label: Label): Rendered {
    const { ttl, attempt } = outcome.probe;
    const first = attempt === 0;
    const last = attempt === this.#facts.attempts - 1;
    if (first) this.#shown = NONE_SHOWN;
    const reply = outcome.status === 'replied' ? outcome.reply : undefined;
    const line = this.#translation.text(reply?.translation, first);
    const translated = line === '' || first ? line : `${line}    `;
    const begin = first ? `${String(ttl).padStart(2)}  ` : '';
    const text =
      outcome.status === 'replied'
        ? this.#responder(outcome.reply, label, first, translated !== '') + this.#rtt(outcome)
        : this.#star(first);
    this.#midLine = !last;
    return { stdout: translated + begin + text + (last ? '\n' : ''), stderr: this.#failure(outcome) };
  }

  judge(report: AnswerReport): void {
    this.#report = report;
  }

  foreign(): Rendered {
    return NOTHING;
  }

  end(reason: StopReason): Rendered {
    const stdout = this.#midLine ? '\n' : '';
    const unsent = this.#refusals.rest(this.#complaint);
    const isMissed = reason === 'max-ttl' || reason === 'gap';
    const missed = isMissed ? 'Destination not reached\n' : '';
    return { stdout, stderr: unsent + missed + contradictionText(this.#report) };
  }

  #failure(outcome: Outcome): string {
    const isShown = outcome.status === 'send-failed' && this.#refusals.isShown(outcome.error.message);
    return isShown ? `${this.#complaint}: ${outcome.error.message}\n` : '';
  }

  /** How each line about a probe begins that was not sent. */
  get #complaint(): string {
    return `${this.#facts.program}: cannot send to ${this.#facts.target}`;
  }

  #star(first: boolean): string {
    this.#shown = { ...this.#shown, star: true };
    return first ? '*' : ' *';
  }

  /** The responder and the port's state, where the line does not have them yet, and the space after them. */
  #responder(reply: Reply, label: Label, first: boolean, onNewLine: boolean): string {
    const { address, star } = this.#shown;
    const { responder } = reply;
    const moved = address !== undefined && address !== responder;
    const host = moved || onNewLine || address === undefined ? hostText(responder, label) : '';
    const text = host + this.#news(reply);
    if (star && !moved && !first) return spacedAfterStar(text);
    return `${moved && !onNewLine ? '\n    ' : ''}${text}  `;
  }

  /** The port's state in brackets and the extensions, where they are others than before. Notes what the line has now. */
  #news({ kind, responder, extensions: objects }: Reply): string {
    const before = this.#shown;
    const state = judgedState(tcpStateText(kind), this.#report) || before.state;
    const extensions = this.#showsExtensions ? extensionText(objects) : '';
    this.#shown = { address: responder, state, extensions, star: false };
    const isNew = extensions !== '' && (extensions !== before.extensions || responder !== before.address);
    return (state === before.state ? '' : ` [${state}]`) + (isNew ? ` ${extensions}` : '');
  }

  #rtt(outcome: Outcome & { status: 'replied' }): string {
    const letters = lettersOf(outcome, this.#facts.family, 'tcptraceroute');
    const text = rttText(outcome.rttMs);
    return letters === '' ? text : `${text} ${letters}`;
  }
}

/** After a `*` the original has one space where it otherwise has two. */
function spacedAfterStar(text: string): string {
  return text === '' || text.startsWith(' ') ? `${text} ` : ` ${text} `;
}

/** A renderer with the text of tcptraceroute. */
export function tcptracerouteRenderer(facts: TraceFacts, settings: Settings): Renderer {
  return new TcptracerouteRenderer(facts, settings);
}
