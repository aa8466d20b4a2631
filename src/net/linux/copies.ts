/** Copies octets into shared buffers: to make a buffer for each copy takes longer than all else done with it. */
import { fillFrom } from '../../wire/bytes.ts';

/** Octets. A buffer lives as long as any copy in it. */
const BUFFER_LENGTH = 1 << 14;
/** Up to this many octets are copied faster one by one. */
const FEW = 128;

/** Makes copies that nobody else writes to. */
export class Copies {
  #buffer = new Uint8Array(BUFFER_LENGTH);
  #used = 0;

  /** Copies `length` octets from `start` on. */
  of(octets: Uint8Array, start: number, length: number): Uint8Array {
    if (length > BUFFER_LENGTH) return octets.slice(start, start + length);
    if (length > BUFFER_LENGTH - this.#used) {
      this.#buffer = new Uint8Array(BUFFER_LENGTH);
      this.#used = 0;
    }
    const copy = this.#buffer.subarray(this.#used, this.#used + length);
    if (length > FEW) copy.set(octets.subarray(start, start + length));
    else fillFrom(copy, octets, start);
    this.#used += length;
    return copy;
  }
}
