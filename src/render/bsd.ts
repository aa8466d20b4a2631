/** The output of BSD traceroute(8). */
import { familyOf, type Address } from '../model/address.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Display, TranslationHandling } from '../model/plan.ts';
import type { Reply } from '../model/reply.ts';
import { reachOf } from '../model/stop-rule.ts';
import { annotationOf } from './annotation.ts';
import { comparison, headerKey, sentDump, wordDump } from './octets.ts';
import {
  hostText,
  rttText,
  type ForeignMessage,
  type Rendered,
  type Renderer,
  type TraceFacts,
} from './renderer.ts';
import { type Label } from '../model/label.ts';
import { ECN_MASK } from '../wire/codes.ts';
import { tcpStateText } from './tcp-state.ts';
import { TranslationLine } from './translation.ts';

/** Names of ICMP's types, by number. RFC 792. */
const ICMP_TYPES: readonly string[] = [
  ...['Echo Reply', 'ICMP 1', 'ICMP 2', 'Dest Unreachable', 'Source Quench', 'Redirect', 'ICMP 6', 'ICMP 7'],
  ...['Echo', 'ICMP 9', 'ICMP 10', 'Time Exceeded', 'Param Problem', 'Timestamp', 'Timestamp Reply'],
  ...['Info Request', 'Info Reply'],
];
/** The same of ICMPv6. RFC 4443 sections 2.1 and 4. */
const ICMPV6_TYPES: Readonly<Record<number, string>> = {
  1: 'Dest Unreachable',
  2: 'Packet Too Big',
  3: 'Time Exceeded',
  4: 'Param Problem',
  128: 'Echo',
  129: 'Echo Reply',
};
/**
 * Multicast listener and neighbour discovery (RFC 3810, RFC 4861): in IPv4 they would be IGMP and ARP, of which an
 * ICMP socket hears nothing.
 */
const LINK_TALK: readonly number[] = [130, 131, 132, 133, 134, 135, 136, 137, 143];
const ICMP_HEADER_LENGTH = 8;
/** What the values of the ECN field tell; ECT(1) is what was sent. RFC 3168 section 5. */
const ECN_TEXT: Readonly<Record<number, string>> = {
  0: 'bleached',
  1: 'passed',
  2: 'mangled',
  3: 'congested',
};

class BsdRenderer implements Renderer {
  readonly #facts: TraceFacts;
  readonly #display: Display;
  /** Of the hop that is being printed. */
  #shown: { address: Address; state: string } | undefined;
  #lost = 0;
  readonly #translation: TranslationLine;
  #midLine = false;

  constructor(facts: TraceFacts, display: Display, translation: TranslationHandling) {
    this.#translation = new TranslationLine(translation);
    this.#facts = facts;
    this.#display = display;
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
    const dump = this.#display.verbosity > 1 ? sentDump(sent()) : '';
    const end = attempt === this.#facts.attempts - 1;
    this.#midLine = !end;
    const text = this.#result(outcome, label, sent);
    const stdout = translated + begin + dump + text + (end ? this.#endHop() : '');
    return { stdout, stderr: this.#failure(outcome) };
  }

  foreign(message: ForeignMessage): Rendered {
    return { stdout: this.#display.verbosity === 0 ? '' : this.#foreignText(message), stderr: '' };
  }

  end(): Rendered {
    return { stdout: this.#midLine ? '\n' : '', stderr: '' };
  }

  /** Other messages than ICMP's are of other programs, and the original reads none: shown if they are malformed. */
  #foreignText({ source, receivedBy, octets, icmp, detail }: ForeignMessage): string {
    if (icmp) {
      const isIpv4 = familyOf(source) === 4;
      if (!isIpv4 && LINK_TALK.includes(icmp.type)) return '';
      const name = (isIpv4 ? ICMP_TYPES : ICMPV6_TYPES)[icmp.type] ?? 'OUT-OF-RANGE';
      const to = receivedBy ?? this.#facts.source;
      const head = `\n${octets.length} bytes from ${source} to ${to}: icmp type ${icmp.type} (${name}) code ${icmp.code}\n`;
      return head + wordDump(octets.subarray(ICMP_HEADER_LENGTH));
    }
    if (detail === undefined) return '';
    if (octets.length < ICMP_HEADER_LENGTH)
      return `packet too short (${octets.length} bytes) from ${source}\n`;
    return `bad packet (${octets.length} bytes) from ${source}: ${detail}\n`;
  }

  #beginHop(ttl: number): string {
    this.#shown = undefined;
    this.#lost = 0;
    return `${String(ttl).padStart(2)} `;
  }

  /** What a hop's line goes on with behind a line of another kind: the responder is named again. */
  #resume(interruption: string): string {
    if (interruption === '') return '';
    this.#shown = undefined;
    return '   ';
  }

  #endHop(): string {
    const percent = Math.floor((this.#lost * 100) / this.#facts.attempts);
    return this.#display.loss ? ` (${percent}% loss)\n` : '\n';
  }

  #result(outcome: Outcome, label: Label, sent: () => Uint8Array): string {
    if (outcome.status === 'replied') {
      const { reply, rttMs } = outcome;
      return this.#responder(reply, label) + `  ${rttText(rttMs)}` + this.#remarks(reply, sent);
    }
    this.#lost++;
    if (outcome.status === 'timed-out') return ' *';
    const { program, host, length } = this.#facts;
    return `${program}: wrote ${host} ${length} chars, ret=-1\n *`;
  }

  #failure(outcome: Outcome): string {
    if (outcome.status !== 'send-failed') return '';
    return `${this.#facts.program}: sendto: ${outcome.error.message}\n`;
  }

  /** The address, where it is not that of the reply before; on a line of its own, where that was another. */
  #responder(reply: Reply, label: Label): string {
    const before = this.#shown;
    const state = tcpStateText(reply.kind);
    this.#shown = { address: reply.responder, state };
    if (before?.address !== reply.responder) {
      return (before ? '\n   ' : '') + this.#address(reply, label) + bracketed(state) + this.#length(reply);
    }
    return before.state === state ? '' : bracketed(state);
  }

  #address({ responder }: Reply, label: Label): string {
    const as = label.asNumber === undefined ? '' : ` [AS${label.asNumber}]`;
    return `${as} ${hostText(responder, label)}`;
  }

  #length({ length, receivedBy }: Reply): string {
    if (this.#display.verbosity === 0) return '';
    return ` ${length} bytes to ${receivedBy ?? this.#facts.source}`;
  }

  #remarks(reply: Reply, sent: () => Uint8Array): string {
    const { ecn, octets } = this.#display;
    const ecnText = ecn && reply.quote ? ` (ecn=${ECN_TEXT[reply.quote.tos & ECN_MASK] ?? ''})` : '';
    return ecnText + (octets ? this.#octets(reply, sent()) : '') + this.#annotation(reply);
  }

  #octets({ quote }: Reply, sent: Uint8Array): string {
    const key = headerKey(sent, this.#facts.fieldKey);
    return `\n${key}\n${comparison(sent, quote?.octets ?? new Uint8Array())}`;
  }

  /** The letters of an error; `!` alone for an arrival whose TTL was nearly used up: its path back may be longer. */
  #annotation({ kind, ttl }: Reply): string {
    const letters = annotationOf(kind, this.#facts.family, 'bsd');
    if (letters !== '') return ` ${letters}`;
    const arrived = reachOf(kind, this.#facts.family) === 'arrived';
    return arrived && ttl !== undefined && ttl <= 1 ? ' !' : '';
  }
}

function bracketed(state: string): string {
  return state === '' ? '' : ` [${state}]`;
}

/** Renders one trace as BSD traceroute does. */
export function bsdRenderer(facts: TraceFacts, display: Display, translation: TranslationHandling): Renderer {
  return new BsdRenderer(facts, display, translation);
}
