/** Covers src/command/printer.ts and the names that it waits for. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Names } from '../../src/measure/names.ts';
import { Printer } from '../../src/command/printer.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Reply } from '../../src/model/reply.ts';
import type { Renderer } from '../../src/render/renderer.ts';
import { PATH } from '../dialects/run-command.ts';
import { SimWorld } from '../sim/sim-world.ts';
import { NamesOnly } from './names-only.ts';

/** A resolver whose names come when the test says so. */
class LateResolver extends NamesOnly {
  readonly asked: string[] = [];
  readonly #waiting = new Map<string, (name: string | undefined) => void>();

  tell(address: string, name: string | undefined): void {
    this.#waiting.get(address)?.(name);
  }

  nameOf(address: string): Promise<string | undefined> {
    this.asked.push(address);
    return new Promise((resolve) => this.#waiting.set(address, resolve));
  }

  close(): void {
    for (const resolve of this.#waiting.values()) resolve(undefined);
  }
}

/** A renderer that writes plainly what it is given. */
const plain: Renderer = {
  head: () => 'head\n',
  outcome: ({ probe, status }, { name }) => ({ stdout: `${probe.sequence} ${name ?? status}\n`, stderr: '' }),
  judge: () => undefined,
  foreign: ({ source }) => ({ stdout: '', stderr: `foreign ${source}\n` }),
  end: (reason) => ({ stdout: `${reason}\n`, stderr: '' }),
};

function replied(sequence: number, responder: string): Outcome {
  const reply: Reply = {
    responder,
    kind: { type: 'time-exceeded' },
    length: 56,
    octets: new Uint8Array(),
    hasHeader: false,
    mpls: [],
    extensions: [],
    atMs: 0,
    precision: 'user',
  };
  return {
    status: 'replied',
    probe: { ttl: sequence, attempt: 0, sequence },
    reply,
    rttMs: 0,
    reach: 'transit',
  };
}

function timedOut(sequence: number): Outcome {
  return { status: 'timed-out', probe: { ttl: sequence, attempt: 0, sequence } };
}

const NOTHING_SENT = () => new Uint8Array();

function open(renderer: Renderer = plain) {
  const resolver = new LateResolver();
  const world = new SimWorld(PATH, { resolver });
  const options = {
    names: 'all',
    asNumbers: false,
    nat64: [],
    cutLocalDomain: false,
    warn: () => undefined,
  } as const;
  const names = new Names(world, options);
  const printer = new Printer(world, renderer, names);
  /** Lets everything run that only waits for what has been told already. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { resolver, world, names, printer, settle };
}

describe('Printer', () => {
  it('prints outcomes in their order, whenever their names come', async () => {
    const { resolver, world, printer, settle } = open();
    printer.outcome(replied(1, '10.1.0.1'), NOTHING_SENT);
    printer.outcome(timedOut(2), NOTHING_SENT);
    printer.outcome(replied(3, '10.3.0.1'), NOTHING_SENT);
    await settle();
    resolver.tell('10.3.0.1', 'three');
    await settle();
    assert.equal(world.out, '');
    resolver.tell('10.1.0.1', 'one');
    await printer.end('reached');
    assert.equal(world.out, '1 one\n2 timed-out\n3 three\nreached\n');
  });

  it('prints at once what waits for no name', async () => {
    const { resolver, world, printer, settle } = open();
    printer.outcome(timedOut(1), NOTHING_SENT);
    printer.outcome(replied(2, '10.2.0.1'), NOTHING_SENT);
    printer.outcome(timedOut(3), NOTHING_SENT);
    await settle();
    assert.equal(world.out, '1 timed-out\n');
    resolver.tell('10.2.0.1', undefined);
    await settle();
    assert.equal(world.out, '1 timed-out\n2 replied\n3 timed-out\n');
  });

  it('asks for every name at once, and for each one once', async () => {
    const { resolver, printer, settle } = open();
    for (const [sequence, responder] of ['10.1.0.1', '10.2.0.1', '10.1.0.1', '10.2.0.1'].entries()) {
      printer.outcome(replied(sequence + 1, responder), NOTHING_SENT);
    }
    await settle();
    assert.deepEqual(resolver.asked, ['10.1.0.1', '10.2.0.1']);
  });

  it('prints foreign packets in their turn', async () => {
    const { resolver, world, printer, settle } = open();
    printer.outcome(replied(1, '10.1.0.1'), NOTHING_SENT);
    printer.foreign({ source: '10.9.9.9', reason: 'not ours', octets: new Uint8Array() });
    await settle();
    assert.equal(world.err, '');
    resolver.tell('10.1.0.1', 'one');
    await settle();
    assert.equal(world.out, '1 one\n');
    assert.equal(world.err, 'foreign 10.9.9.9\n');
  });

  it('writes at once what is ready at the same time, in the order of both streams', async () => {
    const { resolver, names, settle } = open();
    const writes: string[] = [];
    const output = {
      stdout: (text: string) => void writes.push(`out: ${text}`),
      stderr: (text: string) => void writes.push(`err: ${text}`),
    };
    const printer = new Printer(output, plain, names);
    for (const sequence of [1, 2]) printer.outcome(timedOut(sequence), NOTHING_SENT);
    printer.note('a note\n');
    printer.outcome(timedOut(3), NOTHING_SENT);
    printer.outcome(replied(4, '10.4.0.1'), NOTHING_SENT);
    await settle();
    assert.deepEqual(writes.splice(0), [
      'out: 1 timed-out\n2 timed-out\n',
      'err: a note\n',
      'out: 3 timed-out\n',
    ]);
    resolver.tell('10.4.0.1', 'four');
    await printer.end('reached');
    assert.deepEqual(writes, ['out: 4 four\nreached\n']);
  });

  it('prints the header on standard error', () => {
    const { world, printer } = open();
    printer.head();
    assert.deepEqual([world.out, world.err], ['', 'head\n']);
  });

  it('renders each outcome after the ones before it, for renderers remember', async () => {
    const rendered: number[] = [];
    const { resolver, printer } = open({
      ...plain,
      outcome: ({ probe }) => {
        rendered.push(probe.sequence);
        return { stdout: '', stderr: '' };
      },
    });
    printer.outcome(replied(1, '10.1.0.1'), NOTHING_SENT);
    printer.outcome(replied(2, '10.2.0.1'), NOTHING_SENT);
    const ended = printer.end('max-ttl');
    await new Promise((resolve) => setImmediate(resolve));
    resolver.tell('10.2.0.1', 'two');
    resolver.tell('10.1.0.1', 'one');
    await ended;
    assert.deepEqual(rendered, [1, 2]);
  });
});
