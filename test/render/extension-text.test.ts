import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IcmpExtension } from '../../src/model/extension.ts';
import { extensionText } from '../../src/render/extension-text.ts';

const MPLS = {
  class: 1,
  type: 1,
  kind: 'mpls',
  labels: [
    { label: 16_004, trafficClass: 0, bottomOfStack: false, ttl: 1 },
    { label: 24_001, trafficClass: 5, bottomOfStack: true, ttl: 255 },
  ],
} as const;
const named = (name: string): IcmpExtension => ({
  ...{ class: 2, type: 2, kind: 'interface', role: 'incoming', name },
});

describe('extensionText', () => {
  it('is as Linux traceroute has it', () => {
    assert.equal(extensionText([MPLS]), '<MPLS:L=16004,E=0,S=0,T=1/L=24001,E=5,S=1,T=255>');
  });

  it('tells what a router tells of an interface', () => {
    const all = { index: 4, address: '192.0.2.1', name: 'eth1', mtu: 1500 };
    const known = { class: 2, type: 15, kind: 'interface', role: 'outgoing', ...all } as const;
    assert.equal(extensionText([known]), '<OUT:4,192.0.2.1,"eth1",mtu=1500>');
    assert.equal(extensionText([{ class: 2, type: 64, kind: 'interface', role: 'sub-ip' }]), '<SUB:>');
  });

  it('has each object after the one before', () => {
    assert.equal(extensionText([named('a'), named('b')]), '<INC:"a";INC:"b">');
  });

  it('has other objects as words in hexadecimal, the last one as long as it is', () => {
    const other = { class: 200, type: 7, kind: 'other' } as const;
    assert.equal(
      extensionText([{ ...other, octets: Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 1, 2) }]),
      '<200/7:deadbeef,0102>',
    );
    assert.equal(extensionText([{ ...other, octets: new Uint8Array(0) }]), '<200/7:>');
  });

  it('has nothing of a name that a terminal would obey', () => {
    assert.equal(extensionText([named('a\u001b[2J"%é ')]), '<INC:"a%1B[2J%22%25%C3%A9%20">');
  });

  it('is empty where there are none', () => {
    assert.equal(extensionText([]), '');
  });
});
