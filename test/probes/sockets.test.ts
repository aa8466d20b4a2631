/** Covers probes/*.ts and src/net/unprivileged/limits.ts: both name the same sockets that serve without rights. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probeTypes, type ProbeType } from '../../probes/index.ts';
import { isServed } from '../../src/net/unprivileged/limits.ts';
import { IP_PROTOCOL } from '../../src/wire/codes.ts';

/** A protocol that no probe type has for its own. RFC 3692 section 2.1. */
const EXPERIMENTAL_PROTOCOL = 253;
/** The socket of each protocol; UDP's and its kin are the rest. */
const KINDS: Readonly<Record<number, string>> = {
  [IP_PROTOCOL.tcp]: 'connection',
  [IP_PROTOCOL.icmp]: 'echo',
  [IP_PROTOCOL.icmpv6]: 'echo',
};

const types: readonly ProbeType[] = probeTypes;

describe('the socket that a probe type declares', () => {
  for (const type of types) {
    for (const family of [4, 6] as const) {
      it(`is the one that the unprivileged transport has for ${type.name} over IPv${family}`, () => {
        const protocol = type.ipProtocol(family, EXPERIMENTAL_PROTOCOL);
        const kind = isServed(protocol) ? (KINDS[protocol] ?? 'datagram') : 'raw';
        assert.equal(type.traits.socket === 'raw' ? 'raw' : type.traits.socket.kind, kind);
      });
    }
  }
});
