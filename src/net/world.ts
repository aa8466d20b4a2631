/** Joins what net/ offers into the real world. */
import type { Terminal } from '../ports/output.ts';
import type { World } from '../ports/world.ts';
import { monotonicClock } from './monotonic-clock.ts';
import { thisMachine } from './host/this-machine.ts';
import { protocolNumber } from './host/protocols.ts';
import { Rights } from './process/rights.ts';
import { onEndSignal } from './process/signals.ts';
import { standardStream } from './process/standard-streams.ts';
import { serviceName, servicePort } from './host/services.ts';

/** Columns and rows to assume for a terminal that does not tell its size. */
const DEFAULT_WIDTH = 80;
const DEFAULT_HEIGHT = 24;

/** Standard output as a terminal. */
const standardOutput: Terminal = {
  get width() {
    return process.stdout.columns || DEFAULT_WIDTH;
  },
  get height() {
    return process.stdout.rows || DEFAULT_HEIGHT;
  },
  get colour() {
    return (process.env['NO_COLOR'] ?? '') === '' && !isDumb();
  },
  get isUtf8() {
    const { LC_ALL, LC_CTYPE, LANG } = process.env;
    return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
  },
  get redraws() {
    return !isDumb();
  },
};

/** True where TERM says that the terminal knows no control sequences, as in an editor's shell. */
function isDumb(): boolean {
  return process.env['TERM'] === 'dumb';
}

/**
 * The machine, the clock, the names and the streams of this process.
 * @param loadParts - loads what is loaded on demand; called while there is still the right to read it
 */
export function realWorld(loadParts: () => void = () => undefined): World {
  const rights = new Rights(loadParts);
  return {
    machine: {
      ...thisMachine,
      openTransport: async (options) => {
        rights.goBefore(1); // one that is opened later needs none
        return await thisMachine.openTransport({
          ...options,
          onRead: (count) => {
            rights.goBefore(count);
          },
        });
      },
      dropPrivileges: (options) => {
        rights.giveUp(options);
        return Promise.resolve();
      },
    },
    clock: monotonicClock,
    openResolver: async ({ whoisServer = process.env['RA_SERVER'] ?? '', warn }) => {
      rights.goBefore(1);
      const { openResolver } = await import('./names/resolver.ts');
      return openResolver(whoisServer === '' ? {} : { whoisServer: { host: whoisServer }, warn });
    },
    protocolNumber: (name) => protocolNumber(name),
    servicePort: (name) => servicePort(name),
    serviceName: (port) => serviceName(port),
    stdout: standardStream(1),
    stderr: standardStream(2),
    get terminal() {
      return process.stdout.isTTY ? standardOutput : undefined;
    },
    utcNow: () => `${new Date().toISOString().slice(0, 19)}Z`,
    onSignal: (callback) => onEndSignal(callback),
  };
}
