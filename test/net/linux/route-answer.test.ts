import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressOf } from '../../../src/model/address.ts';
import { messagesOf } from '../../../src/net/linux/netlink-message.ts';
import { decodeRouteAnswer } from '../../../src/net/linux/route-answer.ts';

const octets = (...parts: readonly string[]): Uint8Array =>
  Uint8Array.from(Buffer.from(parts.join('').replaceAll(' ', ''), 'hex'));
const read = (...parts: readonly string[]) => decodeRouteAnswer(messagesOf(octets(...parts))[0]);

describe('the answer to a question for a route', () => {
  it('tells interface, gateway, source and table of a way by a gateway', () => {
    const answer = read(
      '44000000 1800 0000 00000000 00000000', // RTM_NEWROUTE
      '02 20 00 00 fe 00 00 01 00020000', // AF_INET, main table, RTN_UNICAST
      '0800 0f00 fe000000', // RTA_TABLE 254
      '0800 0400 03000000', // RTA_OIF 3
      '0800 0700 0a040002', // RTA_PREFSRC
      '0800 0500 0a040001', // RTA_GATEWAY
      '0800 1900 00000000', // RTA_UID
    );
    assert.ok('route' in answer);
    const { gateway, source, ...rest } = answer.route;
    assert.deepEqual(
      [gateway, source].map((each) => each && addressOf(each)),
      ['10.4.0.1', '10.4.0.2'],
    );
    assert.deepEqual(rest, {
      kind: 'unicast',
      outInterface: 3,
      table: 254,
      viaOtherFamily: false,
      isWrapped: false,
      isMultipath: false,
    });
  });

  it('tells a gateway of the other family, an encapsulation and several next hops', () => {
    const head = '30000000 1800 0000 00000000 00000000 02 20 00 00 fe 00 00 01 00020000';
    const answer = read(
      head,
      '0a00 1200 0a00 fe80 0000 0000', // RTA_VIA, cut short: that it is there is enough
      '0400 1680', // RTA_ENCAP, marked as nested
      '0400 0900', // RTA_MULTIPATH
    );
    assert.ok('route' in answer);
    const { viaOtherFamily, isWrapped, isMultipath } = answer.route;
    assert.deepEqual(
      { viaOtherFamily, isWrapped, isMultipath },
      { viaOtherFamily: true, isWrapped: true, isMultipath: true },
    );
  });

  for (const [octet, kind] of [
    ['01', 'unicast'],
    ['02', 'local'],
    ['03', 'broadcast'],
    ['05', 'multicast'],
    ['0c', 'other'],
  ] as const) {
    it(`names a route of type ${Number(`0x${octet}`)} ${kind}`, () => {
      const answer = read(`1c000000 1800 0000 00000000 00000000 02 20 00 00 fe 00 00 ${octet} 00000000`);
      assert.equal('route' in answer && answer.route.kind, kind);
    });
  }

  for (const [errno, name] of [
    [13, 'prohibited'],
    [22, 'a blackhole'],
    [101, 'not there'],
    [113, 'unreachable'],
  ] as const) {
    it(`is errno ${errno} where the route is ${name}`, () => {
      const code = Buffer.alloc(4);
      code.writeInt32LE(-errno);
      const message = `24000000 0200 0000 00000000 00000000 ${code.toString('hex')} ${'00'.repeat(16)}`;
      assert.deepEqual(read(message), { errno });
    });
  }

  it('is no route where nothing, or something else, was answered', () => {
    assert.deepEqual(decodeRouteAnswer(undefined), { errno: 101 });
    assert.deepEqual(read('14000000 0300 0000 00000000 00000000 00000000'), { errno: 101 });
    assert.deepEqual(read('14000000 1800 0000 00000000 00000000 00000000'), { errno: 101 });
  });

  it('is read as far as it goes where it is cut', () => {
    const whole = octets(
      '2c000000 1800 0000 00000000 00000000 02 20 00 00 fe 00 00 01 00020000',
      '0800 0400 03000000',
      '0800 0500 0a040001',
    );
    for (let length = 0; length <= whole.length; length++) {
      const answer = decodeRouteAnswer(messagesOf(whole.subarray(0, length))[0]);
      assert.equal('route' in answer, length === whole.length);
    }
  });
});
