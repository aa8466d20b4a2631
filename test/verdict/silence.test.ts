/** Verdicts on probes that nobody answers at last, from the cells that prove them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransportError } from '../../src/model/errors.ts';
import { judge } from '../../src/verdict/judge.ts';
import type { CellAttempt, MatrixColumn } from '../../src/verdict/matrix.ts';
import { readMatrix } from '../../src/verdict/facts.ts';
import { getsThrough, placesOf, type Places, type Verdict } from '../../src/verdict/verdict.ts';
import { answer, column, matrix, reply } from '../matrix/make-matrix.ts';

const [R1, R2, R3, R4] = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'] as const;
const WAY = [reply(R1), reply(R2), reply(R3), reply(R4)] as const;

/** The verdict on the first of these columns, and the hops that its ground names. */
function verdictOn(...columns: readonly MatrixColumn[]): Verdict & Places {
  const verdict = judge(readMatrix(matrix(...columns)))[0] ?? assert.fail('there is a verdict');
  return { ...verdict, ...placesOf(verdict) };
}

const icmp = column('icmp', [...WAY, answer()]);
const udp = column('udp/53', [...WAY, null]);

describe('probes that are dropped', () => {
  it('are so between their last answer and the next hop that answers others', () => {
    const tcp = column('tcp/443', [...WAY, answer('open')]);
    const verdict = verdictOn(column('tcp/22', [reply(R1), null, null, null, null]), icmp, tcp);
    assert.equal(verdict.state, 'dropped');
    assert.deepEqual(
      [verdict.after, verdict.before],
      [
        { ttl: 1, address: R1 },
        { ttl: 2, address: R2 },
      ],
    );
    assert.equal(verdict.confidence, 'high');
    assert.deepEqual(verdict.evidence, [
      { probe: 'tcp/22', ttl: 1, attempt: 0, from: R1 },
      { probe: 'tcp/22', ttl: 2, attempt: 0, from: null },
      { probe: 'tcp/22', ttl: 2, attempt: 1, from: null },
      { probe: 'tcp/22', ttl: 2, attempt: 2, from: null },
      { probe: 'icmp', ttl: 2, attempt: 0, from: R2 },
      { probe: 'tcp/443', ttl: 2, attempt: 0, from: R2 },
    ]);
  });

  it('may be so before the first hop', () => {
    const verdict = verdictOn(column('gre', [null, null, null, null, null]), icmp, udp);
    assert.deepEqual([verdict.state, verdict.after, verdict.before?.ttl], ['dropped', undefined, 1]);
  });

  it('are not by a hop that answers nobody', () => {
    const others = ['icmp', 'udp'].map((spec) =>
      column(spec, [reply(R1), null, reply(R3), reply(R4), answer()]),
    );
    const verdict = verdictOn(column('gre', [reply(R1), null, null, null, null]), ...others);
    assert.deepEqual([verdict.state, verdict.after?.ttl, verdict.before?.ttl], ['dropped', 1, 3]);
  });

  it('are not by a hop that answers none of their attempts, when a later one does', () => {
    const verdict = verdictOn(column('gre', [reply(R1), null, reply(R3), null, null]), icmp, udp);
    assert.deepEqual([verdict.after?.ttl, verdict.before?.ttl], [3, 4]);
  });

  it('are so where the target answers nobody, too', () => {
    const dark = ['icmp', 'udp'].map((spec) => column(spec, [...WAY, null]));
    const verdict = verdictOn(column('gre', [reply(R1), null, null, null, null]), ...dark);
    assert.deepEqual([verdict.state, verdict.after?.ttl, verdict.before?.ttl], ['dropped', 1, 2]);
  });

  it('are so with low confidence where few attempts were made', () => {
    const verdict = verdictOn(column('gre', [reply(R1), [null], [null]]), icmp, udp);
    assert.deepEqual([verdict.state, verdict.confidence], ['dropped', 'low']);
  });

  it('are so with low confidence where the hop answers others only at times', () => {
    const others = ['icmp', 'tcp/443'].map((spec) =>
      column(spec, [reply(R1), [null, null, reply(R2)], reply(R3), reply(R4), answer()]),
    );
    const verdict = verdictOn(column('tcp/22', [reply(R1), null, null, null, null]), ...others);
    assert.deepEqual([verdict.before?.ttl, verdict.confidence], [2, 'low']);
    const enough = [null, null, null, null, null];
    assert.equal(verdictOn(column('tcp/22', [reply(R1), enough, null]), ...others).confidence, 'high');
  });

  it('are so with low confidence where the paths differ at the hops that it rests on', () => {
    const other = column('udp', [reply(R1), reply('10.0.0.22'), reply(R3), reply(R4), answer()]);
    const at = (hops: number) =>
      verdictOn(
        column('tcp/80', [...WAY.slice(0, hops), ...Array<null>(5 - hops).fill(null)]),
        icmp,
        other,
        column('tcp/443', [...WAY, answer('open')]),
      ).confidence;
    assert.deepEqual([1, 2, 3].map(at), ['low', 'low', 'high']);
  });

  it('are a guess where the hop has answered others at first and not any more', () => {
    const shut = column('tcp/443', [reply(R1), [reply(R2), null], reply(R3), reply(R4), answer('open')]);
    const { ground, confidence } = verdictOn(
      column('tcp/22', [reply(R1), Array<null>(9).fill(null), null, null, null]),
      icmp,
      shut,
    );
    assert.equal(confidence, 'low');
    assert.ok(ground.type === 'missing' && ground.isCutOff);
  });

  it('tell a stateful filter by the SYN that passes, and a stateless one by the ACK', () => {
    const ack = column('tcp/443:ack', [...WAY.slice(0, 3), null, null]);
    const syn = column('tcp/443', [...WAY, answer('open')]);
    const contrast = (...columns: readonly MatrixColumn[]) => {
      const { ground } = verdictOn(...columns);
      return ground.type === 'missing' || ground.type === 'mute' ? ground.contrast?.name : undefined;
    };
    assert.equal(contrast(ack, icmp, syn), 'tcp/443');
    assert.equal(
      contrast(
        column('tcp/443', [reply(R1), null, null, null, null]),
        column('tcp/443:ack', [...WAY, answer('closed')]),
      ),
      'tcp/443:ack',
    );
    assert.equal(contrast(ack, icmp, column('tcp/80', [...WAY, answer('open')])), undefined);
    assert.equal(contrast(column('tcp/443:ack', [...WAY, null]), syn), 'tcp/443');
    // an open port does not answer it: RFC 9293 section 3.10.7.2
    assert.equal(contrast(column('tcp/443:fin', [...WAY, null]), syn), undefined);
  });
});

describe('hops that answer only some protocols', () => {
  const mute = Array<null>(6).fill(null);
  const picky = (spec: string, end: CellAttempt | readonly CellAttempt[]) =>
    column(spec, [...WAY.slice(0, 3), mute, end]);
  const open = picky('tcp/443', answer('open'));

  it('say nothing of a probe whose protocol others have got past them unanswered', () => {
    const verdict = verdictOn(picky('tcp/22', mute), icmp, open);
    assert.deepEqual([verdict.state, verdict.confidence, verdict.after?.ttl], ['silent', 'high', 3]);
  });

  it('are passed over for the next one that answers the protocol', () => {
    const way = [...WAY.slice(0, 2), mute, reply(R4)] as const;
    const verdict = verdictOn(
      column('tcp/22', [reply(R1), reply(R2), mute, mute, null]),
      icmp,
      column('tcp/443', [...way, answer('open')]),
    );
    assert.deepEqual([verdict.state, verdict.confidence, verdict.before?.ttl], ['dropped', 'high', 4]);
  });

  it('make it a guess where no other probe of the protocol tells', () => {
    const verdict = verdictOn(picky('tcp/22', null), icmp);
    assert.deepEqual([verdict.state, verdict.confidence], ['dropped', 'low']);
    assert.ok(verdict.ground.type === 'missing' && !verdict.ground.isOfOneKind);
  });

  it('make it a guess however many of them answer however many other protocols', () => {
    const gre = column('gre', [reply(R1), null, null, null, null]);
    const others = [udp, column('tcp/443', [...WAY, answer('open')]), column('esp', [...WAY, answer()])];
    assert.equal(verdictOn(gre, icmp, ...others).confidence, 'low');
  });

  it('may do so because of what belongs to no connection: firewalls drop the answers to it', () => {
    const fin = column('tcp/443:fin', [reply(R1), null, null, null, null]);
    const open = column('tcp/443', [...WAY, answer('open')]);
    assert.equal(verdictOn(fin, icmp, open).confidence, 'low');
    assert.equal(verdictOn(fin, icmp, column('tcp/80:null', [...WAY, answer('closed')])).confidence, 'high');
  });
});

describe('probes in a loop', () => {
  const round = Array.from({ length: 5 }, () => [reply(R2), reply(R3)]).flat();
  const lost = column('udp/53', [reply(R1), ...round]);

  it('are told with the routers that send them round', () => {
    const verdict = verdictOn(lost, icmp);
    assert.ok(verdict.state === 'loop' && !getsThrough(verdict));
    assert.deepEqual([verdict.ground.loop.firstTtl, verdict.ground.loop.routers], [2, [R2, R3]]);
  });

  it('are so though some answers are missing', () => {
    const holes = round.map((hop, index) => (index % 4 === 3 ? null : hop));
    assert.equal(verdictOn(column('udp/53', [reply(R1), ...holes]), icmp).state, 'loop');
  });

  it('are none where one router answers twice, or all beyond a translator have its address', () => {
    for (const way of [
      [R1, R2, R2, R3, R4],
      [R1, R2, R2, R2, R2, R2, R2],
    ]) {
      assert.notEqual(verdictOn(column('udp/53', [...way.map((at) => reply(at)), null])).state, 'loop');
    }
  });

  it('do not show others what is beyond', () => {
    const verdict = verdictOn(column('tcp/22', [...WAY.slice(0, 3), ...Array<null>(8).fill(null)]), lost);
    assert.equal(verdict.state, 'unknown');
  });
});

describe('silent targets', () => {
  it('have let the probe pass the last router', () => {
    const verdict = verdictOn(udp, icmp, column('tcp/443', [...WAY, answer('open')]));
    assert.deepEqual([verdict.state, verdict.confidence, verdict.after?.ttl], ['silent', 'high', 4]);
    assert.ok(!getsThrough(verdict));
  });

  it('are a guess where routers before them answer nobody', () => {
    const mute = [reply(R1), reply(R2), null, null] as const;
    const verdict = verdictOn(column('udp/53', [...mute, null]), column('icmp', [...mute, answer()]));
    assert.deepEqual([verdict.state, verdict.confidence], ['silent', 'low']);
    assert.deepEqual([verdict.after?.ttl, verdict.before?.ttl], [2, 5]);
  });

  it('are a guess on a way that is longer than that of others', () => {
    const longer = column('gre', [...WAY, reply('10.0.0.5'), null, null]);
    const verdict = verdictOn(longer, icmp, column('tcp/443', [...WAY, answer('open')]));
    assert.deepEqual([verdict.state, verdict.confidence, verdict.after?.ttl], ['silent', 'low', 5]);
  });

  it('may be right behind this machine', () => {
    const verdict = verdictOn(column('gre', [null]), column('icmp', [answer()]), column('udp', [answer()]));
    assert.deepEqual([verdict.state, verdict.after], ['silent', undefined]);
  });
});

describe('what cannot be known', () => {
  it('is where nothing answers anything', () => {
    const columns = ['icmp', 'udp'].map((spec) => column(spec, [reply(R1), reply(R2), null, null]));
    for (const verdict of judge(readMatrix(matrix(...columns)))) {
      assert.deepEqual(
        [verdict.state, verdict.confidence, placesOf(verdict).after?.ttl],
        ['unknown', 'low', 2],
      );
    }
  });

  it('is what lies beyond the last hop that was probed', () => {
    const { ground } = verdictOn(column('icmp', [reply(R1), reply(R2), reply(R3)]));
    assert.ok(ground.type === 'dark' && ground.isLimit);
  });

  it('is all of a path that never answers', () => {
    assert.equal(verdictOn(column('gre', [null, null, null])).state, 'unknown');
  });

  it('is what one probe alone cannot tell', () => {
    assert.equal(verdictOn(column('tcp/22', [reply(R1), null, null])).state, 'unknown');
  });
});

describe('what this machine does not send', () => {
  it('is blocked here', () => {
    const refusedHere = new TransportError('EPERM', 'Operation not permitted');
    const verdict = verdictOn(column('gre', [], { refusedHere }), icmp);
    assert.deepEqual([verdict.state, verdict.confidence], ['blocked here', 'certain']);
    assert.ok(!getsThrough(verdict));
  });
});
