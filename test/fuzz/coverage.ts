/** Which octets of the sources have run, by V8's own block coverage. */
import { Session, type Profiler } from 'node:inspector';

/** Notes what has run since it began. One for each process: V8 keeps one count for all. */
export class Coverage {
  readonly #session = new Session();
  readonly #isSource: (url: string) => boolean;
  /** By script: 1 for each octet that has run. */
  readonly #reached = new Map<string, Uint8Array>();

  /** @param isSource - true for the scripts that are of interest */
  constructor(isSource: (url: string) => boolean) {
    this.#isSource = isSource;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Answers how many octets have run since the last call of this or of `gain`, and never before. They stay new. */
  look(): number {
    return this.#count(false);
  }

  /** The same, but they are not new any more. */
  gain(): number {
    return this.#count(true);
  }

  /** The octets that have run, of all sources. */
  get total(): number {
    let total = 0;
    for (const reached of this.#reached.values()) total += reached.reduce((sum, each) => sum + each, 0);
    return total;
  }

  close(): void {
    this.#session.disconnect();
  }

  #count(isNoted: boolean): number {
    let gained = 0;
    for (const { url, functions } of this.#take()) {
      if (this.#isSource(url)) gained += this.#compare(url, functions, isNoted);
    }
    return gained;
  }

  #take(): readonly Profiler.ScriptCoverage[] {
    let scripts: readonly Profiler.ScriptCoverage[] = [];
    // an inspector in the same process answers before `post` returns
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error) throw error;
      scripts = result;
    });
    return scripts;
  }

  #compare(url: string, functions: readonly Profiler.FunctionCoverage[], isNoted: boolean): number {
    const ranges = functions.flatMap((each) => each.ranges);
    const end = Math.max(...ranges.map(({ endOffset }) => endOffset));
    const now = new Uint8Array(end);
    // a function comes before those within it, a block likewise
    for (const { startOffset, endOffset, count } of ranges)
      now.fill(count > 0 ? 1 : 0, startOffset, endOffset);
    const before = this.#reached.get(url) ?? new Uint8Array(end);
    this.#reached.set(url, before);
    let gained = 0;
    for (let at = 0; at < Math.min(end, before.length); at++) {
      if (now[at] === 0 || before[at] === 1) continue;
      gained++;
      if (isNoted) before[at] = 1;
    }
    return gained;
  }
}
