/** Changes inputs at random, in the ways in which packets and texts go wrong. */
import type { Random } from '../sim/random.ts';

/** Values at which code goes wrong: signs, lengths, limits. */
const EDGES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 20, 31, 32, 63, 64, 127, 128, 192, 254, 255];
const LARGE_EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x3fff, 0x7fff, 0x8000, 0xc00c, 0xfff0, 0xffff];
/** The most changes that one input gets over another. */
const MOST_CHANGES = 4;
/** Half of all inputs are made of so many that were found last. */
const LATEST = 8;
/** One in so many inputs grows to many times its length. */
const GROWTH_ODDS = 40;

/** What inputs are made from. */
export interface Material {
  /** At least one. */
  readonly corpus: readonly Uint8Array[];
  /** Pieces that mean something to the code. */
  readonly words: readonly Uint8Array[];
  /** The most octets of an input. */
  readonly largest: number;
}

type Change = (input: Uint8Array, draw: Draw, material: Material) => Uint8Array;

/** Draws whole numbers and members. */
class Draw {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** 0 up to but not including `end`; 0 where that is none. */
  below(end: number): number {
    return Math.floor(this.#random() * end);
  }

  of<Member>(members: readonly Member[]): Member {
    const member = members[this.below(members.length)];
    if (member === undefined) throw new RangeError('nothing to draw from');
    return member;
  }
}

/** Makes one more input out of the material. */
export function mutated(material: Material, random: Random): Uint8Array {
  const draw = new Draw(random);
  // what was found last leads on
  const { corpus } = material;
  let input: Uint8Array = draw.of(draw.below(2) === 0 ? corpus.slice(-LATEST) : corpus).slice();
  const changes = 1 + draw.below(MOST_CHANGES);
  for (let count = 0; count < changes; count++) input = draw.of(CHANGES)(input, draw, material);
  if (draw.below(GROWTH_ODDS) === 0) input = grown(input, draw, material);
  return input.length > material.largest ? input.slice(0, material.largest) : input;
}

const CHANGES: readonly Change[] = [
  flipBit,
  setOctet,
  setOctet,
  setPair,
  setLength,
  cut,
  remove,
  repeat,
  putIn,
  takeWord,
  splice,
];

function flipBit(input: Uint8Array, draw: Draw): Uint8Array {
  const at = draw.below(input.length);
  if (input.length > 0) input[at] = (input[at] ?? 0) ^ (1 << draw.below(8));
  return input;
}

function setOctet(input: Uint8Array, draw: Draw): Uint8Array {
  if (input.length > 0)
    input[draw.below(input.length)] = draw.below(2) === 0 ? draw.of(EDGES) : draw.below(256);
  return input;
}

function setPair(input: Uint8Array, draw: Draw): Uint8Array {
  return withPair(input, draw.below(input.length - 1), draw.of(LARGE_EDGES));
}

/** Writes the number of octets that follow, or one that is nearly right: most fields of two octets are lengths. */
function setLength(input: Uint8Array, draw: Draw): Uint8Array {
  const at = draw.below(input.length - 1);
  return withPair(input, at, input.length - at + draw.below(9) - 4);
}

function withPair(input: Uint8Array, at: number, value: number): Uint8Array {
  if (input.length < 2) return input;
  input[at] = value >>> 8;
  input[at + 1] = value;
  return input;
}

function cut(input: Uint8Array, draw: Draw): Uint8Array {
  return input.slice(0, draw.below(input.length + 1));
}

function remove(input: Uint8Array, draw: Draw): Uint8Array {
  const [from, to] = part(input, draw);
  return joined(input.subarray(0, from), input.subarray(to));
}

function repeat(input: Uint8Array, draw: Draw): Uint8Array {
  const [from, to] = part(input, draw);
  return joined(input.subarray(0, to), input.subarray(from));
}

function putIn(input: Uint8Array, draw: Draw): Uint8Array {
  const at = draw.below(input.length + 1);
  const octets = Uint8Array.from({ length: 1 + draw.below(8) }, () => draw.below(256));
  return joined(input.subarray(0, at), octets, input.subarray(at));
}

/** Puts a word in, or over what stands there. */
function takeWord(input: Uint8Array, draw: Draw, { words }: Material): Uint8Array {
  if (words.length === 0) return putIn(input, draw);
  const word = draw.of(words);
  const at = draw.below(input.length + 1);
  return joined(input.subarray(0, at), word, input.subarray(draw.below(2) === 0 ? at : at + word.length));
}

/** Goes on as another input does. */
function splice(input: Uint8Array, draw: Draw, { corpus }: Material): Uint8Array {
  const other = draw.of(corpus);
  const [from, to] = part(other, draw);
  const at = draw.below(input.length + 1);
  return joined(
    input.subarray(0, at),
    other.subarray(from, to),
    input.subarray(draw.below(2) === 0 ? at : at + to - from),
  );
}

/** Repeats a part until the input is as large as may be, or a part of that: what is slow shows there. */
function grown(input: Uint8Array, draw: Draw, { largest }: Material): Uint8Array {
  const [from, to] = part(input, draw);
  const piece = to > from ? input.slice(from, to) : Uint8Array.of(draw.below(256));
  const times = Math.floor((1 + draw.below(largest)) / piece.length);
  const many = new Uint8Array(times * piece.length);
  for (let count = 0; count < times; count++) many.set(piece, count * piece.length);
  return joined(input.subarray(0, to), many, input.subarray(to));
}

function part(input: Uint8Array, draw: Draw): [from: number, to: number] {
  const from = draw.below(input.length);
  return [from, from + draw.below(Math.min(64, input.length - from) + 1)];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
