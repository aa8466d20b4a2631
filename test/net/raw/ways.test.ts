/** Covers ways.ts and way.ts, over the rules and routes of a network namespace's own kernel. */
import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import { addressOf } from '../../../src/model/address.ts';
import type { OutgoingDatagram } from '../../../src/ports/transport.ts';
import { loadLibc } from '../../../src/net/linux/libc.ts';
import { sharedNetlink } from '../../../src/net/linux/netlink.ts';
import type { Way } from '../../../src/net/raw/way.ts';
import { Ways, type WaySettings } from '../../../src/net/raw/ways.ts';
import { mustRun } from '../../lab/command.ts';
import { outgoing, udpTo } from '../conformance/outgoing.ts';
import { enterOwnNetwork, networkMissing } from '../conformance/own-network.ts';

const UP = [
  'link add near type veth peer name nearfar',
  'link add second type veth peer name secondfar',
  ...['near', 'nearfar', 'second', 'secondfar'].map((name) => `link set ${name} up`),
  'address add 192.0.2.1/24 dev near',
  'address add 198.51.100.1/24 dev second',
  'address add 2001:db8:1::1/64 dev near nodad',
  'address add 2001:db8:2::1/64 dev second nodad',
  'tuntap add tube mode tun',
  'link set tube up',
  'address add 10.9.9.9/32 dev lo',
  'address add 2001:db8:3::1/128 dev tube nodad',
  'route add default via 192.0.2.254',
  '-6 route add default via 2001:db8:1::fe',
  'route add default via 198.51.100.254 table 7',
  '-6 route add default via 2001:db8:2::fe table 7',
  '-6 route add default dev tube table 8',
  '-4 route add default via inet6 2001:db8:2::fe dev second table 9',
  'route add prohibit default table 10',
];
const FAR = '203.0.113.1';
const FAR6 = '2001:db8:f::1';
const from4 = { from: '192.0.2.1', to: FAR };
const from6 = { from: '2001:db8:1::1', to: FAR6 };

/** The rules that a test has added, to be taken away after it. */
const added: string[] = [];
function add(line: string): void {
  mustRun('ip', line.split(' '));
  added.push(line);
}

function waysOf(settings: Partial<WaySettings> = {}): Ways {
  const netlink = sharedNetlink(loadLibc());
  return new Ways(netlink, { outInterface: 0, mark: 0, socketUid: process.geteuid?.(), ...settings });
}

/** The way in few words: its kind and the address that the kernel looks for, or what stands in its place. */
function inWords(way: Way): string {
  if (way.kind === 'refused') return `refused: ${way.error.message}`;
  const to = way.kind === 'bare' ? '' : ` ${addressOf(way.steering.address)}`;
  return `${way.kind}${to}${way.isAstray ? `, but ${way.isAstray}` : ''}`;
}

function wayOf(datagram: OutgoingDatagram, ways = waysOf()): string {
  return inWords(ways.of(datagram, 0));
}

/** A TCP header's ports, which is all that the kernel routes by. */
function ports(source: number, destination: number): Uint8Array {
  const octets = new Uint8Array(20);
  const view = new DataView(octets.buffer);
  view.setUint16(0, source);
  view.setUint16(2, destination);
  return octets;
}

describe('the way of a raw datagram', { skip: networkMissing() ?? false }, () => {
  before(() => {
    enterOwnNetwork();
    for (const line of UP) mustRun('ip', line.split(' '));
  });

  afterEach(() => {
    for (const line of added.splice(0)) mustRun('ip', line.replace(' add ', ' del ').split(' '));
  });

  it('is a plain send where no rule looks at more than the destination', () => {
    assert.equal(wayOf(udpTo(from4, 40_000)), 'bare');
    assert.equal(wayOf(udpTo(from6, 40_000)), 'bare');
  });

  it('is the gateway of the table that a rule names for its port, and for no other port', () => {
    add('rule add ipproto tcp dport 443 lookup 7');
    const tcp = (port: number): OutgoingDatagram => outgoing(from4, 6, { payload: ports(40_000, port) });
    assert.equal(wayOf(tcp(443)), 'steered 198.51.100.254');
    assert.equal(wayOf(tcp(80)), `told ${FAR}`);
    assert.equal(wayOf(udpTo(from4, 40_000)), `told ${FAR}`);
  });

  it('is so in IPv6', () => {
    add('-6 rule add ipproto udp sport 40000 lookup 7');
    assert.equal(wayOf(udpTo(from6, 40_000)), 'steered 2001:db8:2::fe');
    assert.equal(wayOf(udpTo(from6, 40_001)), `told ${FAR6}`);
  });

  it('is told to the kernel where a rule looks at source or protocol alone', () => {
    add('rule add from 192.0.2.1 ipproto udp lookup 7');
    assert.equal(wayOf(udpTo(from4, 40_000)), `told ${FAR}`);
  });

  it('is asked of the rules for the mark', () => {
    add('rule add fwmark 5 lookup 7');
    assert.equal(wayOf(udpTo(from4, 40_000), waysOf({ mark: 5 })), `told ${FAR}`);
    assert.equal(wayOf(udpTo(from4, 40_000)), `told ${FAR}`);
  });

  it('is by a tunnel without neighbours where a rule leads into one', () => {
    add('-6 rule add ipproto udp dport 33435 lookup 8');
    assert.equal(wayOf(udpTo(from6, 40_000)), 'steered ff02::1');
  });

  it('is the error of a socket whose route refuses', () => {
    add('rule add ipproto udp dport 33435 lookup 10');
    assert.equal(wayOf(udpTo(from4, 40_000)), 'refused: Permission denied');
  });

  it('is another one, in words, where no raw socket can be made to follow', () => {
    add('rule add ipproto udp dport 33435 lookup 9');
    assert.equal(
      wayOf(udpTo(from4, 40_000)),
      `told ${FAR}, but UDP port 33435 leaves by second, where raw probes cannot be sent`,
    );
  });

  it('is a plain send there on a kernel that is not to be told the protocol', () => {
    add('rule add ipproto udp dport 33435 lookup 9');
    const ways = waysOf();
    assert.equal(ways.stopTelling(), true);
    assert.equal(ways.stopTelling(), false);
    assert.match(wayOf(udpTo(from4, 40_000), ways), /^bare, but UDP port 33435 leaves by second/);
    assert.equal(wayOf(outgoing(from4, 6, { payload: ports(1, 80) }), ways), 'steered 192.0.2.254');
  });

  it('follows a rule that comes while it is used, once it has forgotten', () => {
    const ways = waysOf();
    const datagram = udpTo(from4, 40_000);
    assert.equal(wayOf(datagram, ways), 'bare');
    add('rule add ipproto udp dport 33435 lookup 7');
    assert.equal(wayOf(datagram, ways), 'bare');
    ways.forget();
    assert.equal(wayOf(datagram, ways), 'steered 198.51.100.254');
  });

  it("is the flow's own next hop of a multipath route", () => {
    mustRun('sysctl', ['-qw', 'net.ipv4.fib_multipath_hash_policy=1']);
    add('route add 203.0.113.0/24 nexthop via 192.0.2.254 nexthop via 198.51.100.254');
    const ways = waysOf();
    const first = udpTo({ from: '10.9.9.9', to: FAR }, 40_000); // a source of neither link, which would decide
    const taken = Array.from({ length: 64 }, (_, flow) =>
      wayOf({ ...first, payload: ports(40_000 + flow, 33_435) }, ways),
    );
    const [steered = '', plain] = [...new Set(taken)].sort();
    assert.match(steered, /^steered (192\.0\.2|198\.51\.100)\.254$/); // the kernel's hash decides which
    assert.equal(plain, `told ${FAR}`);
  });

  describe('to several destinations', () => {
    /** The kinds of the ways to two destinations on the link, and to one whose route may have several next hops. */
    const kinds = (ways = waysOf()): readonly string[] =>
      ['192.0.2.77', '192.0.2.78', FAR].map(
        (to) => ways.of(udpTo({ from: '192.0.2.1', to }, 40_000), 0).kind,
      );
    const SEVERAL = 'route add 203.0.113.0/24 nexthop via 192.0.2.254 nexthop via 198.51.100.254';

    it('is a plain send to each where no route has several next hops', () => {
      assert.deepEqual(kinds(), ['bare', 'bare', 'bare']);
    });

    it('is asked of the kernel for the one whose route has', () => {
      add(SEVERAL);
      const [first, second, chosen] = kinds();
      assert.deepEqual([first, second], ['bare', 'bare']);
      assert.notEqual(chosen, 'bare');
    });

    it('is so in IPv6', () => {
      add('-6 route add 2001:db8:f::/48 nexthop via 2001:db8:1::fe nexthop via 2001:db8:1::fd');
      const ways = waysOf();
      const kindTo = (to: string): string => ways.of(udpTo({ from: '2001:db8:1::1', to }, 40_000), 0).kind;
      assert.deepEqual(['2001:db8:1::7', '2001:db8:1::8'].map(kindTo), ['bare', 'bare']);
      assert.notEqual(kindTo(FAR6), 'bare');
    });

    it('is so among more routes than are looked through', () => {
      const routes = Array.from(
        { length: 2000 },
        (_, index) => `10.${50 + (index >> 8)}.${index & 0xff}.0/24`,
      );
      const batch = (verb: string): void => {
        mustRun('ip', ['-batch', '-'], routes.map((route) => `route ${verb} ${route} dev near\n`).join(''));
      };
      batch('add');
      try {
        assert.deepEqual(kinds(), ['bare', 'bare', 'bare']);
        add(SEVERAL);
        assert.notEqual(kinds()[2], 'bare');
      } finally {
        batch('del');
      }
    });

    it('is so where the route only names its group of next hops', () => {
      mustRun('sysctl', ['-qw', 'net.ipv4.nexthop_compat_mode=0']);
      try {
        add('nexthop add id 1 via 192.0.2.254 dev near');
        add('nexthop add id 2 via 198.51.100.254 dev second');
        add('nexthop add id 10 group 1/2');
        add('route add 203.0.113.0/24 nhid 10');
        assert.notEqual(wayOf(udpTo(from4, 40_000)), 'bare');
        assert.notEqual(kinds()[2], 'bare');
      } finally {
        added.length = 0;
        for (const line of ['route del 203.0.113.0/24', 'nexthop flush']) mustRun('ip', line.split(' '));
        mustRun('sysctl', ['-qw', 'net.ipv4.nexthop_compat_mode=1']);
      }
    });

    it('follows a route that comes while it is used, once it has forgotten', () => {
      const ways = waysOf();
      assert.deepEqual(kinds(ways), ['bare', 'bare', 'bare']);
      add(SEVERAL);
      assert.deepEqual(kinds(ways), ['bare', 'bare', 'bare']);
      ways.forget();
      assert.notEqual(kinds(ways)[2], 'bare');
    });
  });
});
