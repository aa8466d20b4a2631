/** Gives up its rights as the argument says. Prints as JSON who it is before and after each step, or what was thrown. */
import { realWorld } from '../../../src/net/world.ts';
import type { DropOptions } from '../../../src/ports/machine.ts';
import '../../../src/net/names/resolver.ts'; // nobody may be unable to read it afterwards
import { Rights } from '../../../src/net/process/rights.ts';

const rights = new Rights(() => undefined);
const said: unknown[] = [];
const say = (): void => void said.push(process.getuid?.());

/** Does something; what it throws is said. */
function attempt(step: () => void): void {
  try {
    step();
    say();
  } catch (error) {
    said.push(error instanceof Error ? `${error.name}: ${error.message}` : error);
  }
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const now: DropOptions = { kept: [], mayWait: false };
const later: DropOptions = { kept: [], mayWait: true };

const WAYS: Readonly<Record<string, () => unknown>> = {
  'before it is asked': () => {
    attempt(() => {
      rights.goBefore(1);
    });
  },
  'at once': () => {
    attempt(() => {
      rights.giveUp(now);
    });
  },
  'before something is read': () => {
    for (const count of [0, 1]) {
      attempt(() => {
        if (count === 0) rights.giveUp(later);
        rights.goBefore(count);
      });
    }
  },
  'on the next turn': async () => {
    rights.giveUp(later);
    await Promise.resolve();
    say();
    await turn();
    say();
  },
  'before a name is looked up': async () => {
    const world = realWorld();
    await world.machine.dropPrivileges(later);
    say();
    const opening = world.openResolver({ warn: () => undefined });
    say();
    (await opening).close();
  },
  'when it cannot any more': async () => {
    rights.giveUp(later);
    process.setgroups = () => {
      throw Object.assign(new Error('setgroups EPERM'), { code: 'EPERM' });
    };
    await turn();
    for (const count of [1, 0]) {
      attempt(() => {
        rights.goBefore(count);
      });
    }
  },
};

await WAYS[process.argv[2] ?? '']?.();
console.log(JSON.stringify(said));
