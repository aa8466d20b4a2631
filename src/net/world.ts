/** The real world. */
import type { World } from '../engine/world.ts';
import { monotonicClock } from './monotonic-clock.ts';
import { machine } from './machine.ts';
import { protocolNumber } from './protocols.ts';
import { serviceName, servicePort } from './services.ts';

/** Exit status of a program that wrote to a closed pipe: 128 and SIGPIPE's number. */
const BROKEN_PIPE_STATUS = 141;

/** The machine, the clock, the files and the terminal of this process. */
export function realWorld(): World {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(BROKEN_PIPE_STATUS);
    throw error;
  });
  return {
    machine,
    clock: monotonicClock,
    openResolver: async ({ whoisServer }) => {
      const { openResolver } = await import('./names/resolver.ts');
      return openResolver(whoisServer === undefined ? {} : { whoisServer: { host: whoisServer } });
    },
    protocolNumber: (name) => protocolNumber(name),
    servicePort: (name) => servicePort(name),
    serviceName: (port) => serviceName(port),
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    onInterrupt: (callback) => {
      process.once('SIGINT', callback);
      return () => process.off('SIGINT', callback);
    },
  };
}
