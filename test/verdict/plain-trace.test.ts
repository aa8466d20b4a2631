import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CellReply } from '../../src/verdict/matrix.ts';
import { judgeAnswer, type PlainTrace } from '../../src/verdict/plain-trace.ts';
import { answer, column, reply, TARGET } from '../matrix/make-matrix.ts';

type Heard = PlainTrace['heard'][number];

/** The hop of the answer in all of these. */
const HOP = 3;
const probe = column('tcp/443', []);

function router(hop: number, sequence = hop * 10, last = 1): Heard {
  return heard(hop, reply(`10.${hop}.0.${last}`, undefined, hop, 256 - hop), sequence);
}

/** An answer in the target's name; it arrives over as many routers as there are before it unless told otherwise. */
function inItsName(hop: number, sequence = hop * 10, ttl = 62): Heard {
  return heard(hop, answer('closed', 12, ttl), sequence);
}

function heard(hop: number, cell: CellReply, sequence: number, isRepeat = false): Heard {
  return { hop, sequence, isRepeat, reply: cell };
}

function judge(replies: readonly Heard[], isOneFlow = true): ReturnType<typeof judgeAnswer> {
  const before = [router(1), router(2)];
  const all = [...before, inItsName(HOP), ...replies];
  return judgeAnswer({ family: 4, target: TARGET, probe, isOneFlow, hop: HOP, heard: all });
}

function contradictionOf(...args: Parameters<typeof judge>): [ttl: number, from: string] | undefined {
  const { contradiction } = judge(...args);
  return contradiction && [contradiction.ttl, contradiction.from];
}

describe('the answer of a plain trace', () => {
  it('is undoubted where the target answers whatever goes further', () => {
    assert.deepEqual(judge([]), { doubts: [] });
    assert.deepEqual(judge([inItsName(4), inItsName(5), inItsName(9)]), { doubts: [] });
  });

  it('is contradicted by the furthest router, two hops on or more', () => {
    assert.deepEqual(contradictionOf([router(4), router(5)]), [5, '10.5.0.1']);
    assert.deepEqual(contradictionOf([router(7), router(6)]), [7, '10.7.0.1']);
    const [doubt] = judge([router(5)]).doubts;
    assert.deepEqual([doubt?.type, doubt?.column?.name], ['router beyond', 'tcp/443']);
  });

  it('is doubted and no more by a router that a longer way explains', () => {
    for (const hop of [HOP, HOP + 1]) {
      const { doubts, contradiction } = judge([router(hop, 99)]);
      assert.deepEqual([doubts[0]?.type, contradiction], ['router beyond', undefined], String(hop));
    }
  });

  it('is contradicted by the next router where one probe got both answers', () => {
    const both = [router(HOP), router(4), inItsName(4)];
    assert.deepEqual(contradictionOf(both), [4, '10.4.0.1']);
    assert.deepEqual(contradictionOf([router(HOP)]), undefined, 'a last router may pass on what it discards');
    const repeated = both.map((each) => ({ ...each, isRepeat: true }));
    assert.deepEqual(contradictionOf([...repeated]), undefined, 'numbers of others tell of no probe');
  });

  it('is contradicted by the next router where it arrives with another TTL than later answers', () => {
    assert.deepEqual(contradictionOf([router(4), inItsName(6, 60, 59)]), [4, '10.4.0.1']);
  });

  it('is not contradicted where each probe is a flow of its own, save by two answers to one', () => {
    assert.deepEqual(contradictionOf([router(5), router(6)], false), undefined);
    assert.deepEqual(contradictionOf([router(HOP), router(5)], false), [5, '10.5.0.1']);
  });

  it('is not contradicted where two routers answer at one hop: the path varies', () => {
    assert.deepEqual(contradictionOf([router(5), router(6), router(2, 21, 9)]), undefined);
    assert.deepEqual(contradictionOf([router(6), router(6, 61, 9)]), undefined);
  });

  it('is not contradicted by a router of before, nor by the target’s own address', () => {
    const again = heard(6, reply('10.1.0.1'), 60);
    const own = heard(6, reply(TARGET), 60);
    for (const each of [again, own]) assert.deepEqual(judge([each]).contradiction, undefined);
  });

  it('is not contradicted by what is behind a translator with the target’s address', () => {
    const translated = heard(2, { ...reply('10.2.0.1'), translatedTo: '192.168.1.9' }, 21);
    assert.deepEqual(judge([translated, router(5), router(6)]), { doubts: [] });
  });

  it('has the other doubts of a matrix too', () => {
    const odd = judgeAnswer({
      family: 4,
      target: TARGET,
      probe,
      isOneFlow: true,
      hop: HOP,
      heard: [router(1), router(2), inItsName(HOP, 30, 254)],
    });
    assert.deepEqual(
      odd.doubts.map(({ type }) => type),
      ['arrival ttl'],
    );
    assert.equal(odd.contradiction, undefined);
  });
});
