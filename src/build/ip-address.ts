/** Defers ip-address until one of its exports is used: a trace to an IPv4 address uses none. */
import type { Plugin } from 'esbuild';
import * as ipAddress from 'ip-address';

/** The file that holds the whole package, as the commands `require` it. */
export const IP_ADDRESS = './ip-address.js';

/** Source of a CommonJS module with the exports `names`; reading one loads the package. */
export function deferredExports(names: readonly string[]): string {
  return names
    .map(
      (name) =>
        `Object.defineProperty(exports, '${name}', { get: () => require('${IP_ADDRESS}').${name}, enumerable: true });`,
    )
    .join('\n');
}

/** Puts the deferred exports in the place of the package. */
export const deferIpAddress: Plugin = {
  name: 'defer-ip-address',
  setup(build) {
    build.onResolve({ filter: /^ip-address$/ }, () => ({ path: 'ip-address', namespace: 'deferred' }));
    build.onLoad({ filter: /.*/, namespace: 'deferred' }, () => ({
      contents: deferredExports(Object.keys(ipAddress)),
    }));
    build.onResolve({ filter: /.*/, namespace: 'deferred' }, ({ path }) => ({ path, external: true }));
  },
};
