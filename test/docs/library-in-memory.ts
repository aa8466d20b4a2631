/** The library as the examples of docs/library.md import it, over a simulated path. */
import * as library from '../../src/index.ts';
import { SimWorld } from '../sim/sim-world.ts';

export const world = new SimWorld({
  src: '192.0.2.2',
  hops: [
    { addr: '192.0.2.1', delay: 1 },
    { addr: '203.0.113.1', delay: 4 },
  ],
  dst: { addr: '198.51.100.7', delay: 9, tcp: { '443': 'open' } },
  dns: {
    addr: '192.0.2.53',
    names: {
      '1.2.0.192.in-addr.arpa/PTR': ['gw.example'],
      '7.100.51.198.in-addr.arpa/PTR': ['shop.example'],
    },
  },
});

export const trace = (host: string, options: library.TraceOptions) =>
  library.trace(host, { ...options, world });
export const traceAll = (hosts: readonly string[], options: library.TraceOptions) =>
  library.traceAll(hosts, { ...options, world });
export const matrix = (host: string, options: library.MatrixOptions) =>
  library.matrix(host, { ...options, world });
