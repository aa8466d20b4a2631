/** Verdicts on probes that are answered, from the cells that prove them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judge } from '../../src/verdict/judge.ts';
import type { CellAttempt, CellReply, MatrixColumn } from '../../src/verdict/matrix.ts';
import { readMatrix } from '../../src/verdict/facts.ts';
import { getsThrough, placesOf, type Places, type Verdict } from '../../src/verdict/verdict.ts';
import { answer, column, matrix, reply, TARGET, unreachable } from '../matrix/make-matrix.ts';

const [R1, R2, R3, R4] = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'] as const;
const WAY = [reply(R1), reply(R2), reply(R3), reply(R4)] as const;
const PROHIBITED = 13;
const PORT = 3;
const PROTOCOL = 2;
const ACK = 0x10;

/** The verdict on the first of these columns, and the hops that its ground names. */
function verdictOn(...columns: readonly MatrixColumn[]): Verdict & Places {
  const verdict = judge(readMatrix(matrix(...columns)))[0] ?? assert.fail('there is a verdict');
  return { ...verdict, ...placesOf(verdict) };
}

const icmp = column('icmp', [...WAY, answer()]);

describe('answers of the target', () => {
  const cases: readonly (readonly [spec: string, end: CellAttempt, state: Verdict['state']])[] = [
    ['icmp', answer(), 'reached'],
    ['tcp/443', answer('open'), 'open'],
    ['tcp/443', answer('closed'), 'closed'],
    ['tcp/443:syn+ecn', answer('closed'), 'closed'],
    ['tcp/443:ack', answer('closed'), 'reached'],
    ['tcp/443:syn+ack', answer('closed'), 'reached'],
    ['tcp/443', reply(TARGET, { type: 'answer', tcp: { state: 'other', flags: ACK } }), 'open'],
    ['tcp/443:ack', reply(TARGET, { type: 'answer', tcp: { state: 'other', flags: ACK } }), 'reached'],
    ['tcp/443', reply(TARGET, { type: 'answer', tcp: { state: 'other', flags: 0x01 } }), 'reached'],
    ['udp/53', answer(), 'open'],
    ['udp/53', unreachable(TARGET, PORT), 'closed'],
    ['udplite/53', unreachable(TARGET, PORT), 'closed'],
    ['gre', unreachable(TARGET, PROTOCOL), 'reached'],
    ['udplite/53', unreachable(TARGET, PROTOCOL), 'reached'],
    ['sctp/3868', answer(), 'reached'],
    ['esp', unreachable(TARGET, PROTOCOL), 'reached'],
  ];
  for (const [spec, end, state] of cases) {
    it(`${spec} is ${state} by ${JSON.stringify(end?.kind)}`, () => {
      const verdict = verdictOn(column(spec, [...WAY, end]));
      assert.equal(verdict.state, state);
      assert.equal(verdict.confidence, 'high');
      assert.deepEqual(verdict.evidence, [{ probe: spec, ttl: 5, attempt: 0, from: TARGET }]);
      assert.ok(getsThrough(verdict));
    });
  }

  it('count at the hop where others have it, when the first was lost', () => {
    const { ground } = verdictOn(column('tcp/443', [...WAY, null, answer('open')]), icmp);
    assert.equal(ground.type === 'answer' && ground.hop, 5);
  });

  it('count when only one attempt of a hop has one', () => {
    assert.equal(verdictOn(column('tcp/443', [...WAY, [null, null, answer('open')]])).state, 'open');
  });

  it('count rather when they tell what state the port is in', () => {
    const halfOpen = reply(TARGET, { type: 'answer', tcp: { state: 'other', flags: ACK } });
    const { ground } = verdictOn(column('tcp/443', [...WAY, [halfOpen, null, answer('open')]]));
    assert.deepEqual(ground.type === 'answer' && ground.reply.kind, answer('open').kind);
  });

  it('count without a probe that they answer', () => {
    const verdict = verdictOn(column('udp/7', [...WAY], { anonymous: [answer()] }), icmp);
    assert.deepEqual([verdict.state, verdict.confidence], ['open', 'high']);
  });

  it('may come from another address of its own, where others have reached it', () => {
    const other = unreachable('198.51.100.8', PORT);
    assert.equal(verdictOn(column('udp/33', [...WAY, other]), icmp).state, 'closed');
    assert.equal(verdictOn(column('udp/33', [...WAY.slice(0, 3), other]), icmp).state, 'rejected');
    assert.equal(verdictOn(column('udp/33', [...WAY, other])).state, 'rejected');
  });
});

describe('refusals', () => {
  it('are by the hop whose address sends them', () => {
    const verdict = verdictOn(column('esp', [reply(R1), reply(R2), unreachable(R2, PROHIBITED)]), icmp);
    assert.equal(verdict.state, 'rejected');
    assert.deepEqual(verdict.by, { ttl: 2, address: R2 });
    assert.equal(verdict.confidence, 'high');
    assert.ok(!getsThrough(verdict));
  });

  it('are by a hop that only another column has seen', () => {
    const verdict = verdictOn(column('esp', [reply(R1), null, unreachable(R2, PROHIBITED)]), icmp);
    assert.deepEqual(verdict.by, { ttl: 2, address: R2 });
  });

  it('are at or before the hop of the probe, when nobody has seen their sender', () => {
    const verdict = verdictOn(column('esp', [reply(R1), null, unreachable('10.7.7.7', PROHIBITED)]), icmp);
    assert.deepEqual(verdict.by, { ttl: 3, address: '10.7.7.7' });
    assert.ok(verdict.ground.type === 'refusal' && !verdict.ground.isSeen);
  });

  for (const [spec, code] of [
    ['tcp/22', PORT],
    ['tcp/22', PROTOCOL],
    ['tcp/22', PROHIBITED],
    ['icmp', PORT],
    ['udp/53', PROTOCOL],
    ['gre', PORT],
    ['gre', PROHIBITED],
  ] as const) {
    it(`of the target itself: ${spec} with code ${code}, which no host says of its own`, () => {
      const verdict = verdictOn(
        column(spec, [...WAY, unreachable(TARGET, code)]),
        column('udp', [...WAY, answer()]),
      );
      assert.equal(verdict.state, 'rejected');
      assert.deepEqual(verdict.by, { ttl: 5, address: TARGET });
      assert.ok(verdict.ground.type === 'refusal' && verdict.ground.fromTarget);
    });
  }

  it('with port unreachable from a router are no closed port', () => {
    const verdict = verdictOn(column('udp/53', [reply(R1), reply(R2), unreachable(R2, PORT)]), icmp);
    assert.deepEqual([verdict.state, verdict.by], ['rejected', { ttl: 2, address: R2 }]);
  });
});

describe('answers from too near', () => {
  const near = (end: CellAttempt) => column('tcp/22', [...WAY.slice(0, 3), end]);

  it('are no answers of the target', () => {
    const verdict = verdictOn(
      near(answer('closed', 1, 61)),
      column('icmp', [...WAY, answer(undefined, 1, 59)]),
    );
    assert.equal(verdict.state, 'rejected');
    assert.deepEqual(verdict.after, { ttl: 3, address: R3 });
    assert.deepEqual(verdict.before, { ttl: 4, address: R4 });
    assert.equal(verdict.by, undefined);
    assert.equal(verdict.confidence, 'high');
    assert.deepEqual(
      verdict.evidence.map(({ probe, ttl }) => [probe, ttl]),
      [
        ['tcp/22', 4],
        ['icmp', 4],
      ],
    );
  });

  it('whatever they say', () => {
    for (const end of [answer('open'), answer(), unreachable(TARGET, PROHIBITED)]) {
      assert.equal(verdictOn(near(end), icmp).state, 'rejected');
    }
  });

  it('are not proved the target by coming back the same way: a forger copies the TTL', () => {
    const verdict = verdictOn(
      near(answer('open', 1, 59)),
      column('icmp', [...WAY, answer(undefined, 1, 59)]),
    );
    assert.deepEqual([verdict.state, verdict.confidence], ['rejected', 'low']);
  });

  it('are surely none where routers answer two hops further on', () => {
    const verdict = verdictOn(
      column('tcp/22', [...WAY.slice(0, 2), answer('open', 1, 62)]),
      column('icmp', [...WAY, answer(undefined, 1, 59)]),
    );
    assert.deepEqual([verdict.state, verdict.confidence], ['rejected', 'high']);
  });

  it('are a guess where they look like those from further on: a box may have given them a fresh TTL', () => {
    const verdict = verdictOn(
      column('tcp/22', [...WAY.slice(0, 2), answer('open', 1, 59)]),
      column('icmp', [...WAY, answer(undefined, 1, 59)]),
    );
    assert.deepEqual([verdict.state, verdict.confidence], ['rejected', 'low']);
  });

  it('are the target perhaps where the paths differ before, for balanced paths may be of unequal length', () => {
    const short = column('tcp/22', [reply(R1), reply(R2), reply('10.0.0.33'), answer('open', 1, 60)]);
    const verdict = verdictOn(short, icmp);
    assert.deepEqual([verdict.state, verdict.confidence], ['open', 'low']);
  });

  it('are none where the target answers nobody else', () => {
    const mute = column('icmp', [...WAY, null, null]);
    const verdict = verdictOn(column('tcp/22', [...WAY.slice(0, 2), answer('open')]), mute);
    assert.deepEqual([verdict.state, verdict.confidence], ['rejected', 'high']);
    assert.ok(verdict.ground.type === 'forged' && verdict.ground.targetHop === undefined);
  });

  it('are none where the target leaves the same hop unanswered for another', () => {
    const silent = [reply(R1), reply(R2), reply(R3), null, null, answer()];
    const verdict = verdictOn(near(answer('closed')), column('icmp', silent));
    assert.deepEqual([verdict.state, verdict.ground.type], ['rejected', 'forged']);
  });

  it('are none where routers answer the same probe further on', () => {
    const injected = column('tcp/22', [reply(R1), reply(R2), answer('closed'), reply(R4), answer('open')]);
    assert.equal(verdictOn(injected).ground.type, 'forged');
  });

  it('are less sure where the hop before did not answer', () => {
    const verdict = verdictOn(column('tcp/22', [reply(R1), reply(R2), null, answer('closed')]), icmp);
    assert.deepEqual([verdict.state, verdict.confidence], ['rejected', 'low']);
  });

  it('are none where a router in a loop answers again at their hop', () => {
    const loop = column('udp/53', [
      ...WAY.slice(0, 3),
      ...Array.from({ length: 12 }, (_, index) => reply(index % 2 === 0 ? R2 : R3)),
    ]);
    assert.deepEqual([verdictOn(icmp, loop).state, verdictOn(loop, icmp).state], ['reached', 'loop']);
  });

  it('do not make the target nearer for others', () => {
    const verdict = verdictOn(column('gre', [...WAY, null]), near(answer('closed')), icmp);
    assert.equal(verdict.state, 'silent');
  });
});

describe('how sure an answer is', () => {
  const far = (spec: string, end: CellReply) => column(spec, [...WAY, end]);

  it('is high where others of the target have come the same way: a box may take all that is for its address', () => {
    const icmp = far('icmp', answer(undefined, 8.1, 60));
    for (const end of [answer('open', 8, 60), answer('closed', 8, 60)]) {
      assert.equal(verdictOn(far('tcp/22', end), icmp).confidence, 'high');
    }
  });

  it('is high of what is next to this machine: a gateway may answer in its name', () => {
    assert.equal(verdictOn(column('tcp/22', [answer('open')])).confidence, 'high');
    assert.equal(
      verdictOn(column('icmp', [answer()]), column('tcp/22', [answer('open')])).confidence,
      'high',
    );
  });

  for (const [what, end, other] of [
    ['another protocol was not answered', answer('closed', 8, 60), null],
    ['it comes as soon as the answer of the last router', answer('closed', 1, 60), answer(undefined, 1, 60)],
    ['nobody tells the TTL on arrival', answer('closed', 8), answer(undefined, 8)],
  ] as const) {
    it(`is high where ${what}`, () => {
      const verdict = verdictOn(far('tcp/22', end), column('icmp', [...WAY, other]));
      assert.deepEqual([verdict.state, verdict.confidence], ['closed', 'high']);
    });
  }

  for (const [what, end, type] of [
    ['has come over fewer routers than another', answer('closed', 8, 61), 'arrival ttl'],
    [
      'has come sooner than another, as soon as that of the last router',
      answer('closed', 1, 60),
      'round trip',
    ],
  ] as const) {
    it(`is low where it ${what}`, () => {
      const verdict = verdictOn(far('tcp/22', end), far('icmp', answer(undefined, 8, 60)));
      assert.deepEqual([verdict.state, verdict.confidence], ['closed', 'low']);
      assert.ok(verdict.ground.type === 'answer');
      assert.deepEqual(
        verdict.ground.doubts.map((doubt) => doubt.type),
        [type],
      );
    });
  }

  it('takes systems that begin with other TTLs for one', () => {
    const verdict = verdictOn(far('tcp/22', answer('open', 8, 60)), far('icmp', answer(undefined, 8, 251)));
    assert.equal(verdict.confidence, 'high');
  });

  it('is high where another SYN-ACK is that of another system, and the evidence says so', () => {
    const marks = (mss: number) => ({ tcp: { flags: 0x12, window: 65_535, mss, options: [2] } });
    const end = (mss: number) => ({ ...answer('open', 8, 60), marks: marks(mss) });
    const others = [far('icmp', answer(undefined, 8, 60)), far('tcp/80', end(1380))];
    const doubtsOf = (mss: number) => {
      const { ground, confidence } = verdictOn(far('tcp/443', end(mss)), ...others);
      assert.equal(confidence, 'high');
      return ground.type === 'answer' ? ground.doubts.map(({ type }) => type) : assert.fail();
    };
    assert.deepEqual(doubtsOf(1380), []);
    assert.deepEqual(doubtsOf(1460), ['stack']);
  });
});

describe('what the box of the target forwards', () => {
  const nat = reply(TARGET);
  const icmpHere = column('icmp', [reply(R1), reply(R2), answer()]);

  it('is shown by its saying time exceeded', () => {
    const verdict = verdictOn(column('tcp/443', [reply(R1), reply(R2), nat, answer('open')]), icmpHere);
    assert.deepEqual([verdict.state, verdict.confidence, verdict.by?.ttl], ['forwarded', 'high', 3]);
    assert.ok(getsThrough(verdict));
  });

  it('makes the answers of the box itself no less true', () => {
    const inside = reply('192.168.1.1');
    const forwarded = column('tcp/443', [reply(R1), reply(R2), nat, inside, answer('open')]);
    for (const own of [icmpHere, column('tcp/22', [reply(R1), reply(R2), answer('closed')])]) {
      assert.notEqual(verdictOn(own, forwarded).state, 'rejected');
    }
  });

  it('is shown by routers that quote another destination', () => {
    const inside = { ...reply('192.168.1.1'), translatedTo: '192.168.1.9' };
    const verdict = verdictOn(column('tcp/443', [reply(R1), reply(R2), inside, answer('open')]), icmpHere);
    assert.ok(verdict.ground.type === 'forwarded');
    assert.equal(verdict.ground.forwarding.to, '192.168.1.9');
  });

  it('is likely where the target answers it further on alone', () => {
    const inside = reply('192.168.1.1');
    const verdict = verdictOn(column('tcp/443', [reply(R1), reply(R2), inside, answer('open')]), icmpHere);
    assert.deepEqual([verdict.state, verdict.confidence], ['forwarded', 'low']);
  });

  it('gets no further where nobody answers behind the box', () => {
    const verdict = verdictOn(column('tcp/443', [reply(R1), reply(R2), nat, null, null]), icmpHere);
    assert.equal(verdict.state, 'forwarded');
    assert.ok(!getsThrough(verdict));
  });

  it('is nothing where the target counts the TTL of every probe down first', () => {
    const first = [reply(R1), reply(R2), nat] as const;
    const verdict = verdictOn(
      column('tcp/443', [...first, answer('open')]),
      column('icmp', [...first, answer()]),
    );
    assert.equal(verdict.state, 'open');
  });
});

describe('errors', () => {
  it('in the name of the target are none of its own where routers are further on', () => {
    const forged = column('tcp/22', [reply(R1), reply(R2), unreachable(TARGET, PROHIBITED)]);
    assert.equal(verdictOn(forged, icmp).ground.type, 'forged');
  });

  it('are a guess where routers answer the same probe further on', () => {
    const some = column('esp', [reply(R1), reply(R2), [unreachable(R2, PROHIBITED), null], reply(R4), null]);
    assert.deepEqual([verdictOn(some).state, verdictOn(some).confidence], ['rejected', 'low']);
  });
});
