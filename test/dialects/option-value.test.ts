import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { oneOf, wholeNumber, wordList } from '../../src/dialects/option-value.ts';

describe('wholeNumber', () => {
  for (const [text, number] of [
    ['2', 2],
    ['40', 40],
    ['007', 7],
  ] as const) {
    it(`wholeNumber reads ${text} as ${number}`, () => {
      assert.equal(wholeNumber(text, '--gap', 2, 40), number);
    });
  }

  for (const text of ['', '1', '41', '-3', '+3', '3.0', '0x3', ' 3', '3s', '9999999999']) {
    it(`wholeNumber refuses "${text}" between 2 and 40`, () => {
      assert.throws(() => wholeNumber(text, '--gap', 2, 40), {
        name: 'UsageError',
        message: `--gap ${text}: expected a whole number from 2 to 40`,
      });
    });
  }
});

describe('oneOf', () => {
  it('oneOf takes each of the words', () => {
    for (const word of ['text', 'json'] as const) {
      assert.equal(oneOf(word, '--format', ['text', 'json']), word);
    }
  });

  it('oneOf refuses another word, and lists the words', () => {
    assert.throws(() => oneOf('JSON', '--format', ['text', 'json']), {
      name: 'UsageError',
      message: '--format JSON: expected one of text, json',
    });
  });
});

describe('wordList', () => {
  const read = (text: string) => wordList(text, '--rules', ['nft', 'pf', 'ios']);

  it('wordList reads words in the order of the user, in capitals and with spaces too', () => {
    assert.deepEqual(read('pf'), ['pf']);
    assert.deepEqual(read('IOS, nft'), ['ios', 'nft']);
  });

  for (const [text, why] of [
    ['', 'a word is missing'],
    [' ', 'a word is missing'],
    ['nft,', 'a word is missing'],
    ['nft,,pf', 'a word is missing'],
    ['nft,pf,nft', 'nft is there twice'],
    ['nft,Cisco', 'cisco is unknown'],
    ['nft pf', 'nft pf is unknown'],
  ] as const) {
    it(`wordList refuses "${text}"`, () => {
      const message = `--rules ${text}: ${why} (one or more of nft, pf, ios, with commas between)`;
      assert.throws(() => read(text), { name: 'UsageError', message });
    });
  }
});
