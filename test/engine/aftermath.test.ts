import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Aftermath } from '../../src/engine/aftermath.ts';
import type { Reply } from '../../src/model/reply.ts';
import type { SchedulePlan } from '../../src/engine/schedule-plan.ts';
import { ACCEPTED, drive, planOf, replyOf, TIME_EXCEEDED } from './drive-scheduler.ts';

const ROUTER_TTL = 254;
const MOST_MS = 4000;

/** The last router, one hop before the answer, and the answer: how long it took, and its TTL on arrival. */
function aftermath(routerMs: number, answerMs: number, answerTtl?: number, most = MOST_MS): Aftermath {
  const made = new Aftermath(most);
  const at = (kind: Reply['kind'], ttl: number | undefined, atMs: number): Reply => ({
    ...replyOf(kind, atMs),
    ttl,
  });
  made.replied(2, at(ACCEPTED, answerTtl, answerMs), answerMs);
  made.replied(1, at(TIME_EXCEEDED, ROUTER_TTL, routerMs), routerMs);
  return made;
}

describe('the aftermath of an answer', () => {
  it('is none for what comes from behind the last router, by its time and its TTL', () => {
    assert.equal(aftermath(8, 12, 62).untilMs, 12);
    assert.equal(aftermath(8, 12).untilMs, 12, 'where the system tells no TTL');
  });

  it('is half the time of what comes as soon as the router’s answer, 30 to 100 ms', () => {
    assert.equal(aftermath(80, 80, 62).untilMs, 120);
    assert.equal(aftermath(8, 8, 62).untilMs, 38);
    assert.equal(aftermath(400, 400, 62).untilMs, 500);
  });

  it('is the time of what arrives over no more routers, or over many more, 100 to 500 ms', () => {
    for (const ttl of [63, 254, 34]) assert.equal(aftermath(8, 12, ttl).untilMs, 112, String(ttl));
    assert.equal(aftermath(8, 300, 63).untilMs, 600);
    assert.equal(aftermath(8, 900, 63).untilMs, 1400);
  });

  it('is no longer than a probe is waited for', () => {
    assert.equal(aftermath(8, 12, 63, 40).untilMs, 52);
  });

  it('begins with the nearest answer, and is none where no router is known', () => {
    const one = aftermath(8, 8, 62);
    one.replied(3, replyOf(ACCEPTED, 70), 70);
    assert.equal(one.untilMs, 38);
    const alone = new Aftermath(MOST_MS);
    alone.replied(0, replyOf(ACCEPTED, 5), 5);
    assert.equal(alone.untilMs, -Infinity);
  });
});

describe('a trace that listens on', () => {
  /** Two routers, and an answer that takes as long as the second one's; every probe beyond is answered so too. */
  function run(changes: Partial<SchedulePlan>): ReturnType<typeof drive> {
    return drive(planOf({ parallel: 48, overlapWaits: true, ...changes }), ({ ttl }) => ({
      repliesMs: [Math.min(ttl, 2) * 10],
      kind: ttl > 2 ? ACCEPTED : TIME_EXCEEDED,
    }));
  }

  it('ends later by so much, and sends nothing more', () => {
    const [listening, other] = [run({ listensOn: true }), run({ listensOn: false })];
    assert.equal(other.endMs, 23, 'hop 3 is asked after 3 ms');
    assert.equal(listening.endMs, 53);
    assert.deepEqual(listening.sent, other.sent);
    assert.deepEqual(listening.outcomes, other.outcomes);
    assert.equal(listening.acceptances.late > 0, true);
  });

  it('does not where no probe has gone further than the answer', () => {
    assert.equal(run({ listensOn: true, maxTtl: 3 }).endMs, 23);
    const one = { parallel: 1, overlapWaits: false };
    assert.equal(run({ ...one, listensOn: true }).endMs, run(one).endMs);
  });
});
