/** The line that tells of destination NAT, in tcptraceroute's words. */
import type { TranslationHandling } from '../model/plan.ts';
import { familyOf, type Address } from '../model/address.ts';
import type { Translation } from '../model/reply.ts';

export class TranslationLine {
  readonly #handling: TranslationHandling;
  #shown = '';

  constructor(handling: TranslationHandling) {
    this.#handling = handling;
  }

  /**
   * A line of its own, when a router has rewritten the destination to what was not shown before, else ''.
   * @param first - whether the hop's line was not begun yet
   */
  text(translation: Translation | undefined, first: boolean): string {
    if (this.#handling !== 'report' || !translation) return '';
    const { address, port } = translation;
    const to = port === undefined ? address : endpoint(address, port);
    if (to === this.#shown) return '';
    this.#shown = to;
    return `${first ? '' : '\n'}      Detected DNAT to ${to}\n`;
  }
}

/** An address and a port as URIs have them. RFC 3986 section 3.2.2. */
function endpoint(address: Address, port: number): string {
  return familyOf(address) === 4 ? `${address}:${port}` : `[${address}]:${port}`;
}
