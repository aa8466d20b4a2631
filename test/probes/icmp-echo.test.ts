import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { icmpEcho } from '../../probes/icmp-echo.ts';
import { decodeIcmp, encodeIcmpBare } from '../../src/wire/icmpv4.ts';
import { embedded, goldenPacket } from '../support/hex.ts';
import { buildProbe, flowOf } from './probe-flow.ts';

const TYPES = { 4: { request: 8, reply: 0 }, 6: { request: 128, reply: 129 } } as const;

for (const family of [4, 6] as const) {
  const { request, reply } = TYPES[family];
  const flow = flowOf(family);

  /** An echo message about probe 5 of `ident`. */
  function echo(type: number, { code = 0, ident = flow.ident } = {}): Uint8Array {
    return encodeIcmpBare({ type, code, rest: ((ident << 16) | 5) >>> 0, body: new Uint8Array(20) });
  }

  const direct = (octets: Uint8Array) => icmpEcho.identifyDirect?.(embedded(octets), flow);

  describe(`an echo probe of IPv${family}`, () => {
    it('is a request with identifier, sequence and payload', () => {
      const { type, code, rest, body } = decodeIcmp(buildProbe(icmpEcho, flow, 5, 20));
      assert.deepEqual([type, code, rest, body.length], [request, 0, 0xbeef_0005, 20]);
    });

    it('is answered by a reply of its identifier', () => {
      assert.deepEqual(direct(echo(reply)), { sequence: 5 });
    });

    for (const [what, octets] of [
      ['a request', echo(request)],
      ['a reply to another identifier', echo(reply, { ident: 0x1234 })],
      ['a reply with a code', echo(reply, { code: 1 })],
      ['a reply of the other family', echo(TYPES[family === 4 ? 6 : 4].reply)],
    ] as const) {
      it(`is not answered by ${what}`, () => {
        assert.equal(direct(octets), undefined);
      });
    }

    it('is not the reply that an error quotes', () => {
      assert.equal(icmpEcho.identifyQuoted(echo(reply), flow), undefined);
    });

    it('is known in a real exchange', () => {
      const name = family === 4 ? 'icmp-echo' : 'icmpv6-echo';
      const header = family === 4 ? 20 : 40;
      const answer = goldenPacket(`${name}-reply`).subarray(header);
      const { rest } = decodeIcmp(answer);
      const recorded = { ...flow, ident: rest >>> 16 };
      assert.deepEqual(icmpEcho.identifyDirect?.(answer, recorded), { sequence: rest & 0xffff });
      const asked = goldenPacket(`${name}-request`).subarray(header);
      const of = { ...flow, ident: decodeIcmp(asked).rest >>> 16 };
      assert.deepEqual(icmpEcho.identifyQuoted(asked, of), { sequence: decodeIcmp(asked).rest & 0xffff });
    });
  });
}
