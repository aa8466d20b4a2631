/** Who wants to be woken when: a binary heap in which an entry may be moved by adding it again. */
/** Stale entries beyond the fresh ones that are not worth clearing out. */
const STALE_ALLOWED = 64;

export class WakeQueue<Sleeper> {
  #heap: { atMs: number; sleeper: Sleeper }[] = [];
  /** The time that counts for each sleeper; heap entries of another time are stale. */
  readonly #atMs = new Map<Sleeper, number>();

  /** Wakes `sleeper` at `atMs`, and no more at the time it was set to before. */
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

  /** Never wakes `sleeper`. */
  delete(sleeper: Sleeper): void {
    this.#atMs.delete(sleeper);
  }

  /** When the next one is to be woken; Infinity when nobody sleeps. */
  get nextMs(): number {
    this.#dropStale();
    return this.#heap[0]?.atMs ?? Infinity;
  }

  /** Takes out all whose time has come. */
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

  /** Leaves out what is stale; entries in order of time are a heap. */
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
