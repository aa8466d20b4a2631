import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import { said, threeHops } from '../ask.ts';
import { readDatagram } from '../datagram.ts';
import { echoProbe, tcpProbe, udpProbe } from '../make-probe.ts';
import { answer } from '../path.ts';
import { openPath, type PathState } from '../path-state.ts';
import { seededRandom } from '../random.ts';

const TARGET6 = 'fd99::1';

function open(...keys: Parameters<typeof threeHops>): PathState {
  return openPath(threeHops(...keys), seededRandom(1));
}

describe('turns', () => {
  it('of a hop go round over the probes that end there', () => {
    const state = open({ turns: ['te', 'silent', 1, [11, 1]] });
    const answers = Array.from({ length: 5 }, () => said(state, udpProbe({ ttl: 2 })).join());
    assert.deepEqual(
      answers,
      ['11/0', '', '3/1', '11/1', '11/0'].map((icmp) => icmp && `10.2.0.1 icmp ${icmp}`),
    );
  });

  it('of a target go round for each TTL by itself', () => {
    const state = open({}, { turns: ['silent', 'te', 13] });
    const answers = [4, 4, 5, 4, 5].map((ttl) => said(state, tcpProbe({ ttl })).join());
    assert.deepEqual(answers, ['', '10.99.0.1 tcp 0x12', '', '10.99.0.1 icmp 3/13', '10.99.0.1 tcp 0x12']);
  });

  it('name codes of the family', () => {
    const state = open({ turns: [4, [3, 1]] });
    const probe = udpProbe({ ttl: 2, destination: TARGET6 });
    assert.deepEqual(
      [...said(state, probe), ...said(state, probe)],
      ['fd02::1 icmp 1/4', 'fd02::1 icmp 3/1'],
    );
  });
});

describe('also', () => {
  it('comes before the answer, with the probe quoted or as it stands', () => {
    const state = open({
      also: [
        [4, 0, 'quote'],
        [40, 2, '00000007'],
      ],
    });
    const probe = udpProbe({ ttl: 2 });
    const answers = answer(state, probe);
    assert.deepEqual(said(state, probe), ['10.2.0.1 icmp 4/0', '10.2.0.1 icmp 40/2', '10.2.0.1 icmp 11/0']);
    assert.deepEqual(
      answers.map(({ afterMs }) => afterMs),
      [7, 7, 8],
    );
    const [quench, other] = answers.map(({ octets }) => readDatagram(octets).transport);
    assert.deepEqual(
      quench?.subarray(8, 24),
      readDatagram(answers[2]?.octets ?? probe).transport.subarray(8, 24),
    );
    assert.deepEqual([...(other ?? [])].slice(4), [0, 0, 0, 7]);
  });
});

describe('dup', () => {
  it('sends so many more copies', () => {
    assert.deepEqual(said(open({ dup: 2 }), udpProbe({ ttl: 2 })), Array(3).fill('10.2.0.1 icmp 11/0'));
  });
});

describe('leaky', () => {
  it('passes on what it has said time exceeded to, and no further than to the next', () => {
    const state = open({ leaky: true });
    assert.deepEqual(said(state, udpProbe({ ttl: 2 })), ['10.2.0.1 icmp 11/0', '10.3.0.1 icmp 11/0']);
    assert.deepEqual(said(state, udpProbe({ ttl: 3 })), ['10.3.0.1 icmp 11/0']);
  });
});

describe('te_only', () => {
  it('keeps time exceeded to these kinds', () => {
    const state = open({ te_only: ['icmp'] });
    assert.deepEqual(said(state, udpProbe({ ttl: 2 })), []);
    assert.deepEqual(said(state, echoProbe({ ttl: 2 })), ['10.2.0.1 icmp 11/0']);
  });
});

describe('what a hop forges in the name of the target', () => {
  const ttlOf = (state: PathState, octets: Uint8Array) =>
    answer(state, octets).map(({ octets: reply }) => readDatagram(reply).ttl);

  it('synack: SYN-ACK to a SYN, RST to an ACK, of these kinds', () => {
    const state = open({ synack: ['tcp'] }, { tcp_default: 'filtered' });
    assert.deepEqual(said(state, tcpProbe({ ttl: 3, port: 22 })), ['10.99.0.1 tcp 0x12']);
    assert.deepEqual(said(state, tcpProbe({ ttl: 3, flags: TCP_FLAG.ack })), ['10.99.0.1 tcp 0x4']);
    assert.deepEqual(said(state, tcpProbe({ ttl: 2 })), ['10.2.0.1 icmp 11/0']);
  });

  it('comes from the address that was probed, wherever it was translated to', () => {
    const state = open({ dnat: '192.168.7.7:8080', reject: { tcp: 'rst' } });
    assert.deepEqual(said(state, tcpProbe({ ttl: 3 })), ['10.99.0.1 tcp 0x14']);
  });

  it('reply_ttl and rst_ttl: set the TTL on arrival', () => {
    assert.deepEqual(ttlOf(open({ reply_ttl: 77 }), udpProbe({ ttl: 2 })), [77]);
    const reject = { reject: { tcp: 'rst' } } as const;
    assert.deepEqual(ttlOf(open({ ...reject, rst_ttl: 62 }), tcpProbe({ ttl: 3 })), [62]);
    assert.deepEqual(
      ttlOf(open({ ...reject, rst_ttl: 'target' }, { reply_ttl: 58 }), tcpProbe({ ttl: 3 })),
      [58],
    );
    assert.deepEqual(ttlOf(open({ ...reject, rst_ttl: 'target' }), tcpProbe({ ttl: 3 })), [61]);
  });
});

describe('what a hop forges', () => {
  const resets = { reject: { tcp: 'rst' } } as const;
  const asked = (state: PathState) =>
    Array.from({ length: 3 }, () => said(state, tcpProbe({ ttl: 3 })).join());
  const [forged, passed] = ['10.99.0.1 tcp 0x14', '10.3.0.1 icmp 11/0'];

  it('forges_below: so many, and what is more passes', () => {
    assert.deepEqual(asked(open({ ...resets, forges_below: [1, 2] })), [forged, forged, passed]);
  });

  it('forges_above: what is more, and so many pass', () => {
    assert.deepEqual(asked(open({ ...resets, forges_above: [1, 2] })), [passed, passed, forged]);
  });

  it('inject: beside what others answer, so often', () => {
    const inject = { kinds: ['syn'], says: 'rst', copies: 2 } as const;
    assert.deepEqual(said(open({ inject }), tcpProbe({ ttl: 3 })), [forged, forged, passed]);
    assert.deepEqual(said(open({ inject }), tcpProbe({ ttl: 2 })), ['10.2.0.1 icmp 11/0']);
    assert.deepEqual(said(open({ inject }), udpProbe({ ttl: 3 })), [passed]);
    const accept = { kinds: ['tcp'], says: 'synack' } as const;
    assert.deepEqual(said(open({ inject: accept }), tcpProbe({ ttl: 3 })), ['10.99.0.1 tcp 0x12', passed]);
  });

  it('rst_ttl: mirror: has the TTL that the probe has left, if that lasts for the way back', () => {
    const state = open({ ...resets, rst_ttl: 'mirror' });
    const ttls = [3, 4, 9].map((ttl) => answer(state, tcpProbe({ ttl })).map(({ octets }) => octets[8]));
    assert.deepEqual(ttls, [[], [1], [6]]);
  });
});

describe('isn_lock', () => {
  const NUMBER_OFFSET = 24;
  const withNumber = (number: number, flags: number = TCP_FLAG.syn): Uint8Array => {
    const octets = tcpProbe({ ttl: 9, flags }).slice();
    new DataView(octets.buffer).setUint32(NUMBER_OFFSET, number);
    return octets;
  };

  it('lets only SYNs with the first number pass', () => {
    const state = open({ isn_lock: true });
    const answered = [7, 8, 7].map((number) => said(state, withNumber(number)).length);
    assert.deepEqual(answered, [1, 0, 1]);
    assert.equal(said(state, withNumber(7, TCP_FLAG.ack)).length, 0);
    assert.equal(said(state, udpProbe({ ttl: 9 })).length, 1);
  });

  it('forgets the number when a RST passes', () => {
    const state = open({ isn_lock: true });
    assert.equal(said(state, withNumber(7)).length, 1);
    assert.deepEqual(said(state, withNumber(7, TCP_FLAG.rst)), []);
    assert.equal(said(state, withNumber(8)).length, 1);
  });
});

describe('a refusal', () => {
  it('may be limited by itself, come late, and come in the target’s name', () => {
    const state = open({ reject: { any: 1 }, reject_bucket: [1, 2], reject_delay: 3000 });
    const answers = [1, 2, 3].flatMap(() => answer(state, udpProbe({ ttl: 3 })));
    assert.deepEqual(
      answers.map(({ afterMs }) => afterMs),
      [3008, 3008],
    );
    assert.deepEqual(
      said(state, udpProbe({ ttl: 2 })),
      ['10.2.0.1 icmp 11/0'],
      'what ends there is not limited',
    );
    const forger = open({ reject: { udp: 3 }, reject_forged: true });
    assert.deepEqual(said(forger, udpProbe({ ttl: 3 })), ['10.99.0.1 icmp 3/3']);
  });
});

describe('a black hole', () => {
  it('swallows what is too long, and what it loses', () => {
    assert.deepEqual(said(open({ mtu: 30, mtu_silent: true }), tcpProbe({ ttl: 4, dontFragment: true })), []);
    assert.deepEqual(said(open({ lose: 1 }), tcpProbe({ ttl: 4 })), []);
    assert.equal(said(open({ lose: 1 }), tcpProbe({ ttl: 2 })).length, 1);
  });
});

describe('ttl_set', () => {
  it('hides the rest of the path from its kinds', () => {
    const state = open({ ttl_set: { kinds: ['udp'], ttl: 64 } });
    assert.deepEqual(said(state, udpProbe({ ttl: 2 })), ['10.2.0.1 icmp 11/0']);
    assert.deepEqual(said(state, udpProbe({ ttl: 3 })), ['10.99.0.1 icmp 3/3']);
    assert.deepEqual(said(state, tcpProbe({ ttl: 3 })), ['10.3.0.1 icmp 11/0']);
  });
});
