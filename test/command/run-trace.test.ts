/** Covers src/command/run-trace.ts: names that come late, a system that refuses, a user who interrupts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SendResult } from '../../src/ports/transport.ts';
import { TransportError } from '../../src/model/errors.ts';
import { PATH, tcptraceroute, traceroute, type RunOptions } from '../dialects/run-command.ts';
import { withFault, withRefusals } from '../sim/faults.ts';
import type { SimTransport } from '../sim/sim-transport.ts';
import type { SimWorld } from '../sim/sim-world.ts';
import { SlowResolver } from './slow-resolver.ts';

const TARGET = PATH.dst.addr;

/** Runs with names that come late. */
function slow(resolver: SlowResolver): RunOptions {
  return { resolver, prepare: resolver.prepare };
}

describe('names that come late', () => {
  for (const [command, run] of [
    ['traceroute', traceroute],
    ['tcptraceroute -N', (line: string, options?: RunOptions) => tcptraceroute(`-N ${line}`, options)],
  ] as const) {
    it(`do not delay the sending of ${command}`, async () => {
      const late = await run(TARGET, slow(new SlowResolver(10_000)));
      const plain = await run(`-n ${TARGET}`);
      assert.deepEqual(late.timesMs, plain.timesMs);
    });
  }

  it('are waited for together, since all are asked for while probes are under way', async () => {
    const { out, endMs } = await traceroute(`-q1 ${TARGET}`, slow(new SlowResolver(900)));
    assert.equal(
      out,
      ' 1  name-of-10.1.0.1 (10.1.0.1)  4.000 ms\n' +
        ' 2  name-of-10.2.0.1 (10.2.0.1)  8.000 ms\n' +
        ` 3  name-of-${TARGET} (${TARGET})  12.000 ms\n`,
    );
    // the last hop is asked after 3 ms, when none has answered
    assert.equal(endMs, 915);
  });

  for (const [command, run] of [
    ['traceroute', traceroute],
    ['tcptraceroute -N', (line: string, options?: RunOptions) => tcptraceroute(`-N ${line}`, options)],
    ['traceroute -a', (line: string, options?: RunOptions) => traceroute(`-a ${line}`, options)],
  ] as const) {
    it(`are given up for a line a second after the question: ${command} with dead name servers`, async () => {
      const { out, status, endMs } = await run(`-q1 ${TARGET}`, slow(new SlowResolver(Infinity)));
      assert.match(out, /^ 1 .*\b10\.1\.0\.1\b.*\n 2 .*\b10\.2\.0\.1\b.*\n 3 .*\b10\.99\.0\.1\b.*\n$/);
      assert.doesNotMatch(out, /name-of/);
      assert.equal(status, 0);
      assert.equal(endMs, 1015);
    });
  }

  it('do not hold up a matrix with dead name servers', async () => {
    const resolver = new SlowResolver(Infinity);
    const { out, endMs } = await traceroute(`-q1 --matrix icmp,tcp/80 ${TARGET}`, slow(resolver));
    assert.match(out, /^ {2}3 {2}10\.99\.0\.1 /m);
    assert.ok(endMs <= 1100, `${endMs} ms`);
  });

  it('are shown where they come while the line waits for a probe', async () => {
    const hops = [PATH.hops[0], { addr: '10.2.0.1', silent: true }];
    const { out } = await traceroute(`-q1 -w5 ${TARGET}`, {
      ...slow(new SlowResolver(3000)),
      path: { ...PATH, hops },
    });
    assert.match(out, /^ 1 .*\b10\.1\.0\.1\b.*\n 2 {2}\*\n 3 {2}name-of-10\.99\.0\.1 /);
  });

  it('are given up on Ctrl-C, and all that is known is printed', async () => {
    const resolver = new SlowResolver(Infinity);
    const { out, status } = await traceroute(`-q1 -w5 -m2 ${TARGET}`, {
      ...slow(resolver),
      path: { ...PATH, hops: [PATH.hops[0], { addr: '10.2.0.1', silent: true }] },
      interruptAtMs: 1000,
    });
    assert.equal(out, ' 1  10.1.0.1 (10.1.0.1)  4.000 ms\n');
    assert.equal(status, 'SIGINT');
    assert.ok(resolver.closed);
  });

  it('leave no resolver open at the end', async () => {
    const resolver = new SlowResolver(1);
    await traceroute(`-q1 ${TARGET}`, slow(resolver));
    assert.ok(resolver.closed);
  });
});

describe('Ctrl-C', () => {
  /** A network that loses the second reply. */
  const losingSecond: RunOptions = {
    wrap: (transport, clock) => {
      let count = 0;
      return withFault(transport, clock, (datagram) => (++count === 2 ? [] : [{ datagram, afterMs: 0 }]));
    },
  };

  for (const [name, run, line] of [
    ['traceroute', traceroute, ' 1  10.1.0.1  4.000 ms *  4.000 ms\n'],
    ['tcptraceroute', tcptraceroute, ' 1  10.1.0.1  4.000 ms * 4.000 ms\n'],
  ] as const) {
    it(`makes ${name} end the line that it has begun, and end by the signal`, async () => {
      const { out, err, status, endMs } = await run(`-n -w5 -m1 ${TARGET}`, {
        ...losingSecond,
        interruptAtMs: 1000,
      });
      assert.equal(out, line);
      assert.equal(status, 'SIGINT');
      assert.equal(endMs, 1000);
      assert.doesNotMatch(err, /not reached/);
    });
  }

  const silentSecond = { ...PATH, hops: [PATH.hops[0], { addr: '10.2.0.1', silent: true }] };

  it('prints what has answered behind a hop that is still waited for', async () => {
    const { out, status } = await traceroute(`-n -w5 ${TARGET}`, {
      path: silentSecond,
      interruptAtMs: 1000,
    });
    assert.equal(
      out,
      ` 1  10.1.0.1${'  4.000 ms'.repeat(3)}\n 2  * * *\n 3  ${TARGET}${'  12.000 ms'.repeat(3)}\n`,
    );
    assert.equal(status, 'SIGINT');
  });

  it('prints nothing more where nothing has answered behind the last line', async () => {
    const { out, status } = await traceroute(`-n -w5 -m2 ${TARGET}`, {
      path: silentSecond,
      interruptAtMs: 1000,
    });
    assert.equal(out, ` 1  10.1.0.1${'  4.000 ms'.repeat(3)}\n`);
    assert.equal(status, 'SIGINT');
  });

  it('with --json writes the document of what has answered', async () => {
    const { out, status } = await traceroute(`-n -q1 -w5 --json ${TARGET}`, {
      path: silentSecond,
      interruptAtMs: 1000,
    });
    const { trace } = JSON.parse(out) as {
      trace: { hops: readonly { ttl: number; probes: readonly unknown[] }[]; stop: string };
    }; // by formats/trace-json.ts
    assert.deepEqual(
      trace.hops.map(({ ttl, probes }) => [ttl, probes.map((probe) => probe !== null)]),
      [
        [1, [true]],
        [2, [false]],
        [3, [true]],
      ],
    );
    assert.equal(trace.stop, 'interrupted');
    assert.equal(status, 'SIGINT');
  });

  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    it(`is ${signal} too, by which the run ends then`, async () => {
      const { out, status } = await traceroute(`-n -w5 -m2 ${TARGET}`, {
        path: silentSecond,
        interruptAtMs: 1000,
        signal,
      });
      assert.equal(out, ` 1  10.1.0.1${'  4.000 ms'.repeat(3)}\n`);
      assert.equal(status, signal);
    });
  }

  it('while names are waited for prints all lines with the addresses, although the trace has ended', async () => {
    const resolver = new SlowResolver(Infinity);
    const { out, status } = await traceroute(`-q1 ${TARGET}`, { ...slow(resolver), interruptAtMs: 1000 });
    assert.equal(
      out,
      ` 1  10.1.0.1 (10.1.0.1)  4.000 ms\n 2  10.2.0.1 (10.2.0.1)  8.000 ms\n 3  ${TARGET} (${TARGET})  12.000 ms\n`,
    );
    assert.equal(status, 'SIGINT');
  });

  it('before any reply prints no line', async () => {
    const { out, status } = await traceroute(`-n -w5 ${TARGET}`, { interruptAtMs: 1 });
    assert.equal(out, '');
    assert.equal(status, 'SIGINT');
  });

  it('ends all sending', async () => {
    const { timesMs } = await traceroute(`-n -z 100 ${TARGET}`, { interruptAtMs: 250 });
    assert.deepEqual(timesMs, [0, 100, 200]);
  });
});

/** A system that refuses a probe by its number, as `refuse` says. */
function refusing(refuse: (count: number) => SendResult | undefined): RunOptions {
  return { wrap: (transport) => withRefusals(transport, (_datagram, count) => refuse(count)) };
}

const unreachable = new TransportError('ENETUNREACH', 'Network is unreachable');
const failed: SendResult = { status: 'failed', error: unreachable };

describe('a system that refuses to send', () => {
  const wrote = `traceroute: wrote ${TARGET} 40 chars, ret=-1\n *`;
  for (const [name, refuse, out, count] of [
    [
      'the first probe',
      (n: number) => (n === 0 ? failed : undefined),
      ` 1 ${wrote} 10.1.0.1  4.000 ms  4.000 ms\n`,
      1,
    ],
    [
      'the second',
      (n: number) => (n === 1 ? failed : undefined),
      ` 1  10.1.0.1  4.000 ms${wrote}  4.000 ms\n`,
      1,
    ],
    [
      'the last',
      (n: number) => (n === 2 ? failed : undefined),
      ` 1  10.1.0.1  4.000 ms  4.000 ms${wrote}\n`,
      1,
    ],
    ['every probe', () => failed, ` 1 ${wrote.repeat(3)}\n`, 3],
  ] as const) {
    it(`makes traceroute report ${name} in its place on the line`, async () => {
      const run = await traceroute(`-n -m1 ${TARGET}`, refusing(refuse));
      assert.equal(run.out, out);
      const complaint = 'traceroute: sendto: Network is unreachable\n'.repeat(count);
      assert.equal(run.err, `traceroute to ${TARGET} (${TARGET}), 1 hops max, 40 byte packets\n${complaint}`);
      assert.equal(run.status, 0);
    });
  }

  it('makes traceroute name the host as the user did', async () => {
    const dns = { addr: '10.0.0.53', names: { 'target.example.org/A': [TARGET] } };
    const { out } = await traceroute('-n -q1 -m1 target.example.org 100', {
      ...refusing(() => failed),
      path: { ...PATH, dns },
    });
    assert.equal(out, ' 1 traceroute: wrote target.example.org 100 chars, ret=-1\n *\n');
  });

  it('does not end the run of traceroute', async () => {
    const { out } = await traceroute(
      `-n -q1 ${TARGET}`,
      refusing((count) => (count === 1 ? failed : undefined)),
    );
    assert.equal(out, ` 1  10.1.0.1  4.000 ms\n 2 ${wrote}\n 3  ${TARGET}  12.000 ms\n`);
  });

  it('counts as loss with traceroute -S', async () => {
    const { out } = await traceroute(
      `-nS -m1 ${TARGET}`,
      refusing(() => failed),
    );
    assert.match(out, / \(100% loss\)\n$/);
  });

  it('makes tcptraceroute show a star and name the reason', async () => {
    const { out, err, status } = await tcptraceroute(
      `-n -q2 -m1 ${TARGET}`,
      refusing((count) => (count === 0 ? failed : undefined)),
    );
    assert.equal(out, ' 1  * 10.1.0.1 4.000 ms\n');
    assert.match(err, /\ntcptraceroute: cannot send to 10\.99\.0\.1: Network is unreachable\n/);
    assert.equal(status, 1);
  });
});

describe('a system that has no room now', () => {
  it('gets every probe a moment later', async () => {
    const busy: SendResult = { status: 'busy' };
    const run = await traceroute(
      `-n -m2 ${TARGET}`,
      refusing((count) => (count < 5 ? busy : undefined)),
    );
    assert.equal(run.probes.length, 6);
    assert.equal(
      run.out,
      ' 1  10.1.0.1  4.000 ms  4.000 ms  4.000 ms\n 2  10.2.0.1  8.000 ms  8.000 ms  8.000 ms\n',
    );
    assert.ok((run.timesMs[0] ?? 0) > 0);
  });
});

describe('a socket that fails in mid-run', () => {
  it('ends the run with the reason, status 1', async () => {
    let dead = false;
    const { err, status } = await traceroute(`-n ${TARGET}`, {
      wrap: (transport) => ({
        name: transport.name,
        send: (datagram) => transport.send(datagram),
        receive: () => {
          if (dead) throw new TransportError('ENETDOWN', 'Network is down');
          return transport.receive();
        },
        onReadable: (callback) => {
          transport.onReadable(() => {
            dead = true;
            callback();
          });
        },
        close: () => {
          transport.close();
        },
      }),
    });
    assert.match(err, /\ntraceroute: Network is down\n$/);
    assert.equal(status, 1);
  });
});

describe('what a run opens', () => {
  for (const [name, run, argv] of [
    ['traceroute', traceroute, ['-n', TARGET]],
    ['tcptraceroute', tcptraceroute, ['-n', TARGET]],
    ['traceroute, host unknown', traceroute, ['nosuch.example.net']],
  ] as const) {
    it(`is opened before ${name} gives up its rights, and closed at the end`, async () => {
      const log: string[] = [];
      let transport: SimTransport | undefined;
      let world: SimWorld | undefined;
      await run(argv, {
        prepare: (prepared) => {
          world = prepared;
        },
        wrap: (opened) => {
          log.push('transport');
          transport = opened;
          return opened;
        },
        machine: {
          reservePort: (kind) => {
            log.push(`${kind} port`);
            return Promise.resolve({ port: 40000, release: () => void log.push('port released') });
          },
          dropPrivileges: () => {
            log.push('rights dropped');
            assert.equal(world?.transport?.sent.length, 0);
            return Promise.resolve();
          },
        },
      });
      const kind = name === 'tcptraceroute' ? 'tcp' : 'udp';
      assert.deepEqual(log, ['transport', `${kind} port`, 'rights dropped', 'port released']);
      assert.equal(transport?.isClosed, true);
    });
  }
});
