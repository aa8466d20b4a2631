import type { Resolver } from '../../src/ports/resolver.ts';

/** Of names it knows those of addresses alone, and when those come is its own affair. */
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
