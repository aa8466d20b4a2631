/** Asks the name servers, and chooses which, in what order and how often. */
import { setMaxListeners } from 'node:events';
import { followAliases, type Answer } from './aliases.ts';
import { exchange, type NameServer } from './dns-exchange.ts';
import { RESPONSE_CODE, type QueryType } from './dns-message.ts';
import { Limiter } from './limiter.ts';
import { memoise } from './memoise.ts';

/** The habits of a client. */
export interface DnsClientOptions {
  /** In the order to ask them. */
  readonly servers: readonly NameServer[];
  /** The wait for each try at each server. */
  readonly timeoutMs: number;
  /** Rounds over all servers, 1 or more. */
  readonly attempts: number;
  /** True where each query begins at another server. */
  readonly rotate: boolean;
  /** Ends all waits when it aborts. */
  readonly closing: AbortSignal;
}

const QUERIES_AT_ONCE = 32;

/**
 * A client of some servers, for one run. It asks a server that did not answer after the others, until that server
 * answers. A server that let all attempts of one query pass gets one try a query until then, so that nothing waits
 * long for a dead server twice.
 */
export class DnsClient {
  readonly #options: DnsClientOptions;
  readonly #limiter = new Limiter(QUERIES_AT_ONCE);
  /** The number of tries in a row that each server did not answer. */
  readonly #misses = new Map<NameServer, number>();
  #rotation = 0;

  constructor(options: DnsClientOptions) {
    this.#options = options;
    setMaxListeners(0, options.closing); // one for each exchange under way
  }

  /**
   * Asks for the records of a full name, once a run, and follows aliases.
   * @param name - without the root's dot
   * @returns no values where there are none; undefined where no server answered
   */
  readonly query = memoise((name: string, type: QueryType) =>
    this.#limiter.run(() => this.#ask({ name, type })),
  );

  async #ask(question: { readonly name: string; readonly type: QueryType }): Promise<Answer | undefined> {
    const { timeoutMs, attempts, closing } = this.#options;
    let left = this.#rotated();
    const oneTry = new Set(left.filter((server) => this.#missesOf(server) >= attempts));
    let refused = false;
    for (let round = 0; round < attempts; round++) {
      const again: NameServer[] = [];
      for (const server of this.#answeringFirst(left)) {
        const answer = await exchange(question, server, timeoutMs, closing);
        this.#misses.set(server, answer ? 0 : this.#missesOf(server) + 1);
        if (answer && isFinal(answer.response.responseCode)) {
          return followAliases(answer.query, answer.response.records);
        }
        if (answer) refused = true;
        else if (!oneTry.has(server)) again.push(server);
      }
      left = again;
    }
    return refused ? refusal(question.name) : undefined;
  }

  #missesOf(server: NameServer): number {
    return this.#misses.get(server) ?? 0;
  }

  #rotated(): readonly NameServer[] {
    const { servers, rotate } = this.#options;
    const start = rotate ? this.#rotation++ % servers.length : 0;
    return [...servers.slice(start), ...servers.slice(0, start)];
  }

  #answeringFirst(servers: readonly NameServer[]): readonly NameServer[] {
    const answers = (server: NameServer) => this.#missesOf(server) === 0;
    return [...servers.filter(answers), ...servers.filter((server) => !answers(server))];
  }
}

/** The answer where servers answer and none of them tells anything about the name. */
export function refusal(name: string): Answer {
  return { canonicalName: name, values: [], isRefused: true };
}

/** True when no other server needs to be asked. SERVFAIL, REFUSED and the like say nothing about the name. */
export function isFinal(responseCode: number): boolean {
  return responseCode === RESPONSE_CODE.noError || responseCode === RESPONSE_CODE.nameError;
}
