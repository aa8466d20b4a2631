/** Copies of octets, many in one buffer: a buffer for each takes longer than all else that is done with it. */

/** A buffer lives as long as any copy in it. */
const BUFFER_LENGTH = 1 << 14;

export class Copies {
  #buffer = new Uint8Array(BUFFER_LENGTH);
  #used = 0;

  of(octets: Uint8Array): Uint8Array {
    const { length } = octets;
    if (length > BUFFER_LENGTH) return octets.slice();
    if (length > BUFFER_LENGTH - this.#used) {
      this.#buffer = new Uint8Array(BUFFER_LENGTH);
      this.#used = 0;
    }
    const copy = this.#buffer.subarray(this.#used, this.#used + length);
    copy.set(octets);
    this.#used += length;
    return copy;
  }
}
