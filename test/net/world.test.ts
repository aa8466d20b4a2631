import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { realWorld } from '../../src/net/world.ts';

const VARIABLES = ['NO_COLOR', 'TERM'] as const;
const before = VARIABLES.map((name) => [name, process.env[name]] as const);
const stdout = { isTTY: process.stdout.isTTY, columns: process.stdout.columns, rows: process.stdout.rows };

afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
  Object.assign(process.stdout, stdout);
});

describe('the real world', () => {
  it('knows the names of protocols and ports', () => {
    const world = realWorld();
    assert.equal(world.protocolNumber('sctp'), 132);
    assert.equal(world.servicePort('domain'), 53);
    assert.equal(world.serviceName(53), 'domain');
  });

  it('has the time of UTC in seconds', () => {
    const now = realWorld().utcNow();
    assert.match(now, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.ok(Math.abs(Date.parse(now) - Date.now()) < 60_000);
  });

  it('has a terminal only where standard output is one', () => {
    const world = realWorld();
    const size = (): unknown => world.terminal && [world.terminal.width, world.terminal.height];
    Object.assign(process.stdout, { isTTY: false });
    assert.equal(size(), undefined);
    Object.assign(process.stdout, { isTTY: true, columns: 132, rows: 50 });
    assert.deepEqual(size(), [132, 50]);
  });

  it('takes a terminal that does not tell its size to have 80 columns and 24 rows', () => {
    Object.assign(process.stdout, { isTTY: true, columns: 0, rows: 0 });
    const { width, height } = realWorld().terminal ?? {};
    assert.deepEqual([width, height], [80, 24]);
  });

  for (const [variables, colour, redraws] of [
    [{ NO_COLOR: '', TERM: 'xterm' }, true, true],
    [{ NO_COLOR: '1', TERM: 'xterm' }, false, true],
    [{ NO_COLOR: '', TERM: 'dumb' }, false, false],
  ] as const) {
    it(`has ${colour ? '' : 'no '}colour with ${JSON.stringify(variables)}`, () => {
      Object.assign(process.stdout, { isTTY: true });
      Object.assign(process.env, variables);
      const { terminal } = realWorld();
      assert.equal(terminal?.colour, colour);
      assert.equal(terminal.redraws, redraws);
    });
  }

  for (const [variables, isUtf8] of [
    [{ LC_ALL: '', LC_CTYPE: '', LANG: 'de_CH.UTF-8' }, true],
    [{ LC_ALL: '', LC_CTYPE: 'C.utf8', LANG: 'C' }, true],
    [{ LC_ALL: 'C', LC_CTYPE: '', LANG: 'en_US.UTF-8' }, false],
    [{ LC_ALL: '', LC_CTYPE: '', LANG: '' }, false],
  ] as const) {
    it(`shows ${isUtf8 ? 'UTF-8' : 'ASCII alone'} with ${JSON.stringify(variables)}`, () => {
      Object.assign(process.stdout, { isTTY: true });
      Object.assign(process.env, variables);
      assert.equal(realWorld().terminal?.isUtf8, isUtf8);
    });
  }

  it('opens a resolver', async () => {
    const resolver = await realWorld().openResolver({ warn: () => undefined });
    assert.deepEqual((await resolver.resolve('192.0.2.1', [4])).addresses, ['192.0.2.1']);
    resolver.close();
  });

  it('calls back with the first signal alone', () => {
    const signals: string[] = [];
    const count = process.listenerCount('SIGTERM');
    realWorld().onSignal((signal) => signals.push(signal));
    // its own listeners alone: those of others may end the process
    const [onTerm, onHup] = (['SIGTERM', 'SIGHUP'] as const).map((signal) =>
      process.listeners(signal).at(-1),
    );
    onTerm?.('SIGTERM');
    assert.deepEqual(signals, ['SIGTERM']);
    assert.equal(process.listenerCount('SIGTERM'), count);
    assert.ok(onHup && !process.listeners('SIGHUP').includes(onHup));
  });
});
