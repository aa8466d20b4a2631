/** The line about destination NAT, in tcptraceroute's words. */
import type { TranslationHandling } from '../model/plan.ts';
import { familyOf, type Address } from '../model/address.ts';
import type { Translation } from '../model/reply.ts';

/** Shows each new destination of a trace once, where the user wants to see it. */
export class TranslationLine {
  readonly #handling: TranslationHandling;
  #shown = '';

  constructor(handling: TranslationHandling) {
    this.#handling = handling;
  }

  /**
   * A line for a destination that was not shown before; else ''.
   * @param first - the hop's line has not begun yet, so none has to be ended
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

/** Address and port as in a URI. RFC 3986 section 3.2.2. */
function endpoint(address: Address, port: number): string {
  return familyOf(address) === 4 ? `${address}:${port}` : `[${address}]:${port}`;
}
