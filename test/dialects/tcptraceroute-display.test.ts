/** tcptraceroute prints its text to the letter, and ends with the right status: src/render/tcptraceroute.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { duplicate, withFault, type Fault } from '../sim/faults.ts';
import { echoProbe } from '../sim/make-probe.ts';
import type { HopFormat } from '../sim/path-format.ts';
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
import { neighbour, PATH, pathTo, tcptraceroute, type RunOptions } from './run-command.ts';

const TARGET = PATH.dst.addr;
const NOT_REACHED = 'Destination not reached\n';

/** Runs in which what is received goes through `fault`. */
function through(fault: Fault): RunOptions {
  return { wrap: (transport, clock) => withFault(transport, clock, fault) };
}

/** Loses replies by their ordinal, from 1. */
function losing(...ordinals: readonly number[]): RunOptions {
  let count = 0;
  return through((datagram) => (ordinals.includes(++count) ? [] : [{ datagram, afterMs: 0 }]));
}

/** Runs over one hop of this kind before the target. */
function over(hop: Omit<HopFormat, 'addr'>): RunOptions {
  return { path: { ...PATH, hops: [{ addr: '10.1.0.1', delay: 4, ...hop }] } };
}

/** The replies to what is sent again, because it was silent. */
const AGAIN = [4, 5, 6, 7, 8, 9];

describe('tcptraceroute: spacing', () => {
  const rows: readonly (readonly [string, readonly number[], string])[] = [
    ['all answered', [], '10.1.0.1  4.000 ms  4.000 ms  4.000 ms'],
    ['the first lost', [1], '* 10.1.0.1 4.000 ms  4.000 ms'],
    ['the second lost', [2], '10.1.0.1  4.000 ms * 4.000 ms'],
    ['the third lost', [3], '10.1.0.1  4.000 ms  4.000 ms *'],
    ['the first two lost', [1, 2], '* * 10.1.0.1 4.000 ms'],
    ['the first and the last lost', [1, 3], '* 10.1.0.1 4.000 ms *'],
    ['the last two lost', [2, 3], '10.1.0.1  4.000 ms * *'],
    ['all lost', [1, 2, 3], '* * *'],
  ];
  for (const [name, lost, line] of rows) {
    it(`tcptraceroute spaces the line of a router with ${name}`, async () => {
      const { out } = await tcptraceroute(`-n -m1 -w1 ${TARGET}`, losing(...lost, ...AGAIN));
      assert.equal(out, ` 1  ${line}\n`);
    });

    it(`tcptraceroute spaces the line of an open port with ${name}`, async () => {
      // what follows an answer and has none is sent again, as if it had met a half-open connection
      const options = { ...losing(...lost, ...AGAIN), path: neighbour() };
      const { out } = await tcptraceroute(`-n -m1 -w1 ${TARGET}`, options);
      assert.equal(out, ` 1  ${line.replace('10.1.0.1', `${TARGET} [open]`)}\n`);
    });
  }

  const two: PathOfTwo = { addr: ['10.2.0.1', '10.2.0.2'], ecmp: 'roundrobin' };
  for (const [lost, line] of [
    [[], '10.2.0.1  4.000 ms\n    10.2.0.2  4.000 ms\n    10.2.0.1  4.000 ms'],
    [[1], '* 10.2.0.2 4.000 ms\n    10.2.0.1  4.000 ms'],
    [[2], '10.2.0.1  4.000 ms * 4.000 ms'],
    [[3], '10.2.0.1  4.000 ms\n    10.2.0.2  4.000 ms *'],
  ] as const) {
    it(`tcptraceroute spaces the lines of two responders with ${lost.length === 0 ? 'none' : `reply ${lost.join()}`} lost`, async () => {
      const path = { ...PATH, hops: [{ delay: 4, ...two }] };
      const { out } = await tcptraceroute(`-n -m1 -w1 ${TARGET}`, {
        ...losing(...lost, ...(lost.length > 0 ? AGAIN : [])),
        path,
      });
      assert.equal(out, ` 1  ${line}\n`);
    });
  }

  it('tcptraceroute begins a line for another responder after a star', async () => {
    const path = { ...PATH, hops: [{ delay: 4, ...two }] };
    const { out } = await tcptraceroute(`-n -q4 -m1 -w1 ${TARGET}`, { ...losing(2, 3), path });
    assert.equal(out, ' 1  10.2.0.1  4.000 ms * *\n    10.2.0.2  4.000 ms\n');
  });

  it('tcptraceroute aligns TTLs above 9', async () => {
    const hops = Array.from({ length: 12 }, () => ({ addr: '10.1.0.1', delay: 4 }));
    const { out } = await tcptraceroute(`-n -q1 -f9 -m10 ${TARGET}`, { path: { ...PATH, hops } });
    assert.equal(out, ' 9  10.1.0.1  4.000 ms\n10  10.1.0.1  4.000 ms\n');
  });
});

interface PathOfTwo {
  readonly addr: readonly string[];
  readonly ecmp: 'roundrobin';
}

/** Where the control bits are in a received segment: behind an IPv4 header without options. */
const FLAGS_OFFSET = 20 + 13;

describe('tcptraceroute: states of the port', () => {
  for (const [name, options, target, state] of [
    ['an open port', '', {}, 'open'],
    ['an open port without ECN', '-E', {}, 'open'],
    ['an open port with ECN', '-E', { ecn: true }, 'open, ecn'],
    ['an open port not asked for ECN', '', { ecn: true }, 'open'],
    ['a closed port', '', { tcp: {} }, 'closed'],
    ['an ACK to an open port', '-A', {}, 'closed'],
    ['an ACK to a closed port', '-A', { tcp: {} }, 'closed'],
    ['SYN and ACK to an open port', '-SA', {}, 'closed'],
  ] as const) {
    it(`tcptraceroute shows ${name} as [${state}]`, async () => {
      const { out, status, err } = await tcptraceroute(`-n ${options} ${TARGET}`, {
        path: neighbour(target),
      });
      assert.equal(out, ` 1  ${TARGET} [${state}]  4.000 ms  4.000 ms  4.000 ms\n`);
      assert.equal(status, 0);
      assert.doesNotMatch(err, /not reached/);
    });
  }

  for (const [flags, state] of [
    [0x12, 'open'],
    [0x52, 'open, ecn'],
    [0x92, 'open'],
    [0x14, 'closed'],
    [0x54, 'closed'],
    [0x10, 'unknown, ACK'],
    [0x18, 'unknown, ACK PSH'],
    [0x11, 'unknown, ACK FIN'],
    [0xf9, 'unknown, ACK PSH FIN URG CWR ECN'],
  ] as const) {
    it(`tcptraceroute shows a segment with the control bits 0x${flags.toString(16)} as [${state}]`, async () => {
      const fault: Fault = (datagram) => {
        const octets = datagram.octets.slice();
        if (datagram.protocol === IP_PROTOCOL.tcp) octets[FLAGS_OFFSET] = flags;
        return [{ datagram: { ...datagram, octets }, afterMs: 0 }];
      };
      const { out, status } = await tcptraceroute(`-n -q1 ${TARGET}`, {
        ...through(fault),
        path: neighbour(),
      });
      assert.equal(out, ` 1  ${TARGET} [${state}]  4.000 ms\n`);
      assert.equal(status, 0);
    });
  }

  it('tcptraceroute shows the state of the port again where it changes', async () => {
    let count = 0;
    const fault: Fault = (datagram) => {
      const octets = datagram.octets.slice();
      if (++count === 2) octets[FLAGS_OFFSET] = 0x14;
      return [{ datagram: { ...datagram, octets }, afterMs: 0 }];
    };
    const { out } = await tcptraceroute(`-n -m1 ${TARGET}`, { ...through(fault), path: neighbour() });
    assert.equal(out, ` 1  ${TARGET} [open]  4.000 ms [closed]  4.000 ms [open]  4.000 ms\n`);
  });

  it('tcptraceroute shows the same with retransmitted SYN-ACKs', async () => {
    const run = await tcptraceroute(`-n ${TARGET}`, through(duplicate(1000)));
    const plain = await tcptraceroute(`-n ${TARGET}`);
    assert.equal(run.out, plain.out);
    assert.equal(
      run.out,
      ' 1  10.1.0.1  4.000 ms  4.000 ms  4.000 ms\n' +
        ' 2  10.2.0.1  8.000 ms  8.000 ms  8.000 ms\n' +
        ` 3  ${TARGET} [open]  12.000 ms  12.000 ms  12.000 ms\n`,
    );
  });

  for (const afterMs of [0, 1, 7]) {
    it(`tcptraceroute shows the same with a SYN-ACK again after ${afterMs} ms, while other probes are under way`, async () => {
      const { out } = await tcptraceroute(`-n -f3 ${TARGET}`, through(duplicate(afterMs)));
      assert.equal(out, ` 3  ${TARGET} [open]  12.000 ms  12.000 ms  12.000 ms\n`);
    });
  }
});

describe('tcptraceroute: letters and exit status', () => {
  const letters = ['!N', '!H', '!P', '!p', '!F', '!S', '!U', '!U', '!I', '!A', '!C', '!T', '!T', '!A'];
  for (let code = 0; code <= 16; code++) {
    const letter = letters[code] ?? `!<${code}>`;
    it(`tcptraceroute shows code ${code} as ${letter}, and ends with status 0`, async () => {
      const { out, status, err } = await tcptraceroute(`-n -q2 ${TARGET}`, over({ code }));
      assert.equal(out, ` 1  10.1.0.1  4.000 ms ${letter}  4.000 ms ${letter}\n`);
      assert.equal(status, 0);
      assert.doesNotMatch(err, /not reached/);
    });
  }

  it('tcptraceroute takes a RST from a router on the way for the target, as nothing tells them apart', async () => {
    const { out, status } = await tcptraceroute(`-n -q1 ${TARGET}`, over({ reject: { tcp: 'rst' } }));
    assert.equal(out, ` 1  10.1.0.1  4.000 ms\n 2  ${TARGET} [closed]  4.000 ms\n`);
    assert.equal(status, 0);
  });

  it('tcptraceroute ends at a filter that rejects', async () => {
    const { out, status } = await tcptraceroute(`-n -q1 ${TARGET}`, over({ reject: { tcp: 13 } }));
    assert.equal(out, ' 1  10.1.0.1  4.000 ms\n 2  10.1.0.1  4.000 ms !A\n');
    assert.equal(status, 0);
  });

  it('tcptraceroute ends with status 1 behind a filter that drops', async () => {
    const { out, status, err } = await tcptraceroute(`-n -q1 -w1 -m3 ${TARGET}`, over({ drop: 'tcp' }));
    assert.equal(out, ' 1  10.1.0.1  4.000 ms\n 2  *\n 3  *\n');
    assert.equal(status, 1);
    assert.ok(err.endsWith(`3 hops max\n${NOT_REACHED}`), err);
  });

  it('tcptraceroute ends with status 1 when the largest TTL comes before the target', async () => {
    const { status, err } = await tcptraceroute(`-n -q1 -m2 ${TARGET}`);
    assert.equal(status, 1);
    assert.ok(err.endsWith(NOT_REACHED), err);
  });

  it('tcptraceroute ends with status 1 at a filtered port', async () => {
    const path = pathTo({ tcp_default: 'filtered' });
    const { status, out } = await tcptraceroute(`-n -q1 -m3 -w1 ${TARGET} 81`, { path });
    assert.equal(out, ' 1  10.1.0.1  4.000 ms\n 2  10.2.0.1  8.000 ms\n 3  *\n');
    assert.equal(status, 1);
  });
});

describe('tcptraceroute: -d', () => {
  it('tcptraceroute -d tells each probe, each reply and why a packet is ignored, on standard error', async () => {
    const { out, err } = await tcptraceroute(`-nd -q1 -m1 -A ${TARGET}`, {
      prepare: (world) => {
        world.clock.schedule(2, () => {
          world.transport?.deliver(echoProbe({ source: '10.3.3.3', destination: PATH.src }));
        });
      },
    });
    assert.equal(out, ' 1  10.1.0.1  4.000 ms\n');
    const debug = err.split('\n').filter((line) => line.startsWith('debug: '));
    assert.match(debug[0] ?? '', /sent probe 1 of 1 for hop 1\b.* ACK$/);
    assert.match(debug[1] ?? '', /ignored ICMP type 8 code 0 from 10\.3\.3\.3: not ours/);
    assert.match(debug[2] ?? '', /hop 1, probe 1: time-exceeded from 10\.1\.0\.1\b/);
  });

  it('tcptraceroute without -d tells nothing of that', async () => {
    const { err } = await tcptraceroute(`-n -q1 -m1 ${TARGET}`);
    assert.doesNotMatch(err, /debug/);
  });
});
