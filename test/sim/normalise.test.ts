import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normalise } from './normalise.ts';

describe('normalise', () => {
  for (const [what, printed, recorded] of [
    ['times', ' 1  10.1.0.1  0.345 ms  12.000 ms !X\n', ' 1  10.1.0.1  <rtt> ms  <rtt> ms !X'],
    ['a time that a message follows', '  0.345 mstraceroute: wrote', '  <rtt> mstraceroute: wrote'],
    ['the newlines at the end', 'a\n\nb\n\n', 'a\n\nb'],
    [
      'a local port',
      'Selected device tun0, address 10.0.0.1, port 45255 for outgoing packets\n',
      'Selected device tun0, address 10.0.0.1, port <port> for outgoing packets',
    ],
    ['no other port', 'on TCP port 80 (http), 30 hops max', 'on TCP port 80 (http), 30 hops max'],
    [
      'octets of -D',
      `4500002800010000401100000a0000010a630001\n${'_'.repeat(16)}01__ffff${'_'.repeat(16)}\nx`,
      '<40 hex digits sent>\n<quoted ________________hh__>\nx',
    ],
    [
      'octets of -v twice',
      ' 1 [ 22 bytes\n\t 4500 0028 9c41 0000 0111 0920 0a00 0001\n\t 0a63 0001 9c40]\n 10.1.0.1 48 bytes',
      ' 1 [ 22 bytes\n\t hhhh hhhh hhhh hhhh hhhh hhhh hhhh hhhh\n\t hhhh hhhh hhhh]\n 10.1.0.1 48 bytes',
    ],
  ] as const) {
    it(`normalises ${what}`, () => {
      assert.equal(normalise(printed), recorded);
    });
  }
});
