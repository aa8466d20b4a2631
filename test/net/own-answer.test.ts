import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hidesOwnAnswer } from '../../src/net/own-answer.ts';
import type { ExpectedReplies } from '../../src/ports/transport.ts';

const OWN = Uint8Array.of(192, 0, 2, 1);
const OTHER = Uint8Array.of(192, 0, 2, 2);
const LOOPBACK = Uint8Array.of(127, 9, 9, 9);
const LOOPBACK6 = Uint8Array.from({ length: 16 }, (_, index) => Number(index === 15));
/** RFC 3692: for experiments, so that no kernel speaks it. */
const EXPERIMENT = 253;

function trace(responder: Uint8Array, protocol: number = EXPERIMENT): ExpectedReplies {
  return { family: responder.length === 4 ? 4 : 6, protocol, source: OWN, responders: [responder] };
}

describe('a raw socket', () => {
  for (const [target, responder] of [
    ['its own address', OWN],
    ['IPv4 loopback', LOOPBACK],
    ['IPv6 loopback', LOOPBACK6],
  ] as const) {
    it(`hides the machine's own answer to a trace to ${target}`, () => {
      const expected = trace(responder);
      assert.equal(hidesOwnAnswer(expected, [expected]), true);
    });
  }

  it('hides nothing of a trace to another machine, even where one goes to this one', () => {
    const expected = trace(OTHER);
    assert.equal(hidesOwnAnswer(expected, [expected]), false);
    assert.equal(hidesOwnAnswer(expected, [expected, trace(OWN)]), false);
  });

  it('hides nothing of another protocol or family', () => {
    assert.equal(hidesOwnAnswer({ family: 4, protocol: 254 }, [trace(OWN)]), false);
    assert.equal(hidesOwnAnswer({ family: 6, protocol: EXPERIMENT }, [trace(OWN)]), false);
  });

  for (const [name, protocol] of [
    ['UDP', 17],
    ['UDP-Lite', 136],
  ] as const) {
    it(`hides nothing of ${name}, which the kernel speaks`, () => {
      const expected = trace(OWN, protocol);
      assert.equal(hidesOwnAnswer(expected, [expected]), false);
    });
  }
});
