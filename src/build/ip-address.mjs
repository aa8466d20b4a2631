/** Has ip-address loaded when one of its exports is first used, which no trace to an IPv4 address does. */
import * as ipAddress from 'ip-address';

/** The package in one file. */
export const IP_ADDRESS = './ip-address.js';

const getters = Object.keys(ipAddress).map(
  (name) =>
    `Object.defineProperty(exports, '${name}', { get: () => require('${IP_ADDRESS}').${name}, enumerable: true });`,
);

export const deferIpAddress = {
  name: 'defer-ip-address',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^ip-address$/ }, () => ({ path: 'ip-address', namespace: 'deferred' }));
    onLoad({ filter: /.*/, namespace: 'deferred' }, () => ({ contents: getters.join('\n') }));
    onResolve({ filter: /.*/, namespace: 'deferred' }, ({ path }) => ({ path, external: true }));
  },
};
