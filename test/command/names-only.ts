import type { Resolver } from '../../src/ports/resolver.ts';

/** A resolver that knows only the names of addresses. Its heirs decide when those come. */
export abstract class NamesOnly implements Resolver {
  abstract nameOf(address: string): Promise<string | undefined>;
  abstract close(): void;

  resolve(): Promise<never> {
    return Promise.reject(new Error('not asked'));
  }

  originOf(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  localDomain(): Promise<string> {
    return Promise.resolve('');
  }
}
