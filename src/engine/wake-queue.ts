/** Keeps who is to be woken when. */

/** The stale entries beyond the fresh ones that are not worth clearing out. */
const STALE_ALLOWED = 64;

/** Sleepers in the order of their wake times: a binary heap, in which adding a sleeper again moves it. */
export class WakeQueue<Sleeper> {
  #heap: { atMs: number; sleeper: Sleeper }[] = [];
  /** The valid time of each sleeper. Heap entries with another time are stale. */
  readonly #atMs = new Map<Sleeper, number>();

  /** Has `sleeper` woken at `atMs`, in place of any earlier set time. */
  set(sleeper: Sleeper, atMs: number): void {
    if (this.#atMs.get(sleeper) === atMs) return;
    this.#atMs.set(sleeper, atMs);
    if (this.#heap.length > 2 * this.#atMs.size + STALE_ALLOWED) {
      this.#compact();
      return;
    }
    this.#heap.push({ atMs, sleeper });
    this.#rise(this.#heap.length - 1);
  }

  /** Has `sleeper` not woken any more. */
  delete(sleeper: Sleeper): void {
    this.#atMs.delete(sleeper);
  }

  /** The next time that somebody is to be woken; Infinity when nobody sleeps. */
  get nextMs(): number {
    this.#dropStale();
    return this.#heap[0]?.atMs ?? Infinity;
  }

  /** Takes out all sleepers whose time has come, earliest first. */
  takeDue(nowMs: number): Sleeper[] {
    const due: Sleeper[] = [];
    while (this.nextMs <= nowMs) {
      const top = this.#removeTop();
      if (!top) break;
      this.#atMs.delete(top.sleeper);
      due.push(top.sleeper);
    }
    return due;
  }

  /** Rebuilds the heap without stale entries: entries in the order of time are a heap. */
  #compact(): void {
    this.#heap = Array.from(this.#atMs, ([sleeper, atMs]) => ({ atMs, sleeper }));
    this.#heap.sort((a, b) => a.atMs - b.atMs);
  }

  #dropStale(): void {
    for (;;) {
      const top = this.#heap[0];
      if (!top || this.#atMs.get(top.sleeper) === top.atMs) return;
      this.#removeTop();
    }
  }

  #removeTop(): { atMs: number; sleeper: Sleeper } | undefined {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (last && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return top;
  }

  #timeAt(index: number): number {
    return this.#heap[index]?.atMs ?? Infinity;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (!first || !second) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }

  #rise(from: number): void {
    for (let index = from; index > 0;) {
      const parent = (index - 1) >> 1;
      if (this.#timeAt(parent) <= this.#timeAt(index)) return;
      this.#swap(parent, index);
      index = parent;
    }
  }

  #sink(from: number): void {
    for (let index = from; ;) {
      const left = 2 * index + 1;
      const child = this.#timeAt(left + 1) < this.#timeAt(left) ? left + 1 : left;
      if (this.#timeAt(index) <= this.#timeAt(child)) return;
      this.#swap(index, child);
      index = child;
    }
  }
}
