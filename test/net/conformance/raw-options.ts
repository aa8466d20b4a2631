import type { RawOptions } from '../../../src/ports/transport.ts';

/** Options for both families and ICMP alone, the best transport, and these changes. */
export function rawOptions(changes: Partial<RawOptions> = {}): RawOptions {
  return { transport: 'auto', families: [4, 6], protocols: [], dontRoute: false, debug: false, ...changes };
}
