/** Counts the probes that the system refuses to send, so that a screen is not full of one error. */

/** So many equal refusals are shown in full: the probes of two hops. */
const MOST_SHOWN = 6;

export class Refusals {
  /** How often, by the error's text. */
  readonly #counts = new Map<string, number>();

  /** Counts a refusal. Answers whether it is one of the first of its kind, which are shown. */
  isShown(message: string): boolean {
    const count = (this.#counts.get(message) ?? 0) + 1;
    this.#counts.set(message, count);
    return count <= MOST_SHOWN;
  }

  /** One line for each kind of which some were not shown. @param prefix - begins each line */
  rest(prefix: string): string {
    return Array.from(this.#counts, ([message, count]) => {
      const more = count - MOST_SHOWN;
      if (more <= 0) return '';
      return `${prefix}: ${message} (${more} more ${more === 1 ? 'probe was' : 'probes were'} not sent)\n`;
    }).join('');
  }
}
