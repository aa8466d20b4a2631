/** Covers what off-path guesses get in. `npm run guesses` does the same with a million of each. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acceptedOf, ANSWERS, QUOTES, victimsOver } from './guesses.ts';

const GUESSES = 1000;
/** Another number of 16 bits, which names one of the probes in flight, is hit by one guess in 1300. */
const MOST_BY_CHANCE = 5;
/** Answers that give nothing back but ports: who guesses the port needs nothing else. docs/security.md */
const NUMBERLESS = ['datagram', 'bare RST', 'bare ACK'];

for (const family of [4, 6] as const) {
  describe(`guesses over IPv${family}`, () => {
    for (const victim of victimsOver(family)) {
      const answers = (ANSWERS[victim.type.name] ?? []).filter(({ name }) => !NUMBERLESS.includes(name));

      it(`are no replies to ${victim.name}`, () => {
        for (const [name, accepted] of acceptedOf(victim, [...QUOTES, ...answers], GUESSES)) {
          assert.equal(accepted, 0, name);
        }
      });

      it(`to ${victim.name} need more than the ident`, () => {
        const counts = acceptedOf(victim, [...QUOTES, ...answers], GUESSES, { knowsIdent: true });
        for (const [name, accepted] of counts) assert.ok(accepted <= MOST_BY_CHANCE, `${name}: ${accepted}`);
      });
    }
  });
}
