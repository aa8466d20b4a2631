/** Covers the built library over kernel routers: runs at once, aborts, rights, many hosts. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { mustRun } from './command.ts';
import { configure, labMissing } from './namespaces.ts';
import { openRouters, type Routers } from './routers.ts';

const LIBRARY = fileURLToPath(new URL('../../dist/library.mjs', import.meta.url));
const AS_NOBODY = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--inh-caps=-all'];

/** What the scripts begin with: the library, and a reader of whole runs in short lines. */
const PREAMBLE = `
import * as library from '${LIBRARY}';
const { trace, traceAll, matrix, MissingRightError, TransportError, UsageError } = library;
const say = (...words) => console.log(...words);
const lines = async (events) => {
  const seen = [];
  for await (const event of events) {
    if (event.type === 'ignored') seen.push('ignored ' + event.why);
    if (event.type === 'hop') {
      seen.push(event.ttl + ' ' + event.outcomes.map((each) => each.reply?.responder ?? '*').join(' '));
    }
    if (event.type === 'end') seen.push(event.reason);
  }
  return seen.join(', ');
};
`;

describe('the library over kernel routers', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(() => {
    routers = openRouters(2);
    for (let host = 10; host < 250; host++) {
      mustRun('ip', ['-n', routers.namespaceOf('dst'), 'address', 'add', `10.3.0.${host}/24`, 'dev', 'left']);
    }
  });
  after(() => {
    routers.close();
  });

  /** Runs a script in src. Answers the lines that it printed. */
  async function run(script: string, as: readonly string[] = []): Promise<string[]> {
    const argv = [...as, process.execPath, '--input-type=module', '-e', PREAMBLE + script];
    const [command = '', ...args] = argv;
    const { stdout, stderr, status } = await routers.exec('src', command, args);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    return stdout.trimEnd().split('\n');
  }

  it('keeps the replies of runs apart that are under way at once', async () => {
    const path = '1 10.1.0.1 10.1.0.1, 2 10.2.0.1 10.2.0.1, 3 10.3.0.1 10.3.0.1';
    const probes = ['icmp', 'udp', 'udp/53', 'tcp/80', 'sctp', 'udplite'];
    const printed = await run(`
      const probes = ${JSON.stringify([...probes, ...probes])};
      const runs = probes.map((probe) => lines(trace('10.3.0.1', { probe, attempts: 2, waitSeconds: 2 })));
      const gre = [1, 2, 3].map(() => lines(trace('10.3.0.1', { probe: 'gre', attempts: 2 })));
      for (const run of [...runs, ...gre]) say(await run);`);
    assert.equal(printed.length, 2 * probes.length + 3);
    for (const line of printed) assert.match(line, new RegExp(`^${path}, (?:reached|refused)$`));
  });

  it('traces to more hosts than it has under way at once, and gives all ports back', async () => {
    const printed = await run(`
      const hosts = Array.from({ length: 240 }, (_, index) => '10.3.0.' + (10 + index));
      for (const probe of ['udp', 'udp/53', 'gre', 'tcp/80']) {
        const reasons = new Map();
        for await (const { event } of traceAll(hosts, { probe, attempts: 1, waitSeconds: 2 })) {
          if (event.type === 'refused') say(event.error.message);
          if (event.type === 'end') reasons.set(event.reason, (reasons.get(event.reason) ?? 0) + 1);
        }
        say(probe, JSON.stringify([...reasons]));
      }`);
    assert.deepEqual(printed, [
      'udp [["reached",240]]',
      'udp/53 [["reached",240]]',
      'gre [["reached",240]]',
      'tcp/80 [["reached",240]]',
    ]);
  });

  it('has fewer hosts under way at once where the process may open few files', async () => {
    const limited = ['sh', '-c', 'ulimit -n 80; exec "$@"', 'sh'];
    const printed = await run(
      `const hosts = Array.from({ length: 240 }, (_, index) => '10.3.0.' + (10 + index));
      for (const probe of ['udp', 'udp/53']) {
        let reached = 0;
        for await (const { event } of traceAll(hosts, { probe, attempts: 1, waitSeconds: 2 })) {
          if (event.type === 'refused') say(event.error.message);
          if (event.type === 'end' && event.reason === 'reached') reached++;
        }
        say(probe, reached);
      }`,
      limited,
    );
    assert.deepEqual(printed, ['udp 240', 'udp/53 240']);
  });

  it('refuses a host of another family, and one without a route, each for itself', async () => {
    mustRun('ip', ['-n', routers.namespaceOf('src'), 'route', 'add', 'unreachable', '10.77.0.0/16']);
    const printed = await run(`
      for await (const { host, event } of traceAll(['fd00:3::1', '10.77.0.1', '10.3.0.1'], { family: 4, probe: 'icmp' })) {
        if (event.type === 'refused') say(host, event.error.name);
        if (event.type === 'end') say(host, event.reason);
      }`);
    assert.deepEqual(printed, ['fd00:3::1 UsageError', '10.77.0.1 UsageError', '10.3.0.1 reached']);
  });

  it('ends at once when the signal comes, and lets the process end', async () => {
    const printed = await run(`
      const started = performance.now();
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 200);
      say(await lines(trace('10.3.0.99', { probe: 'udp', attempts: 1, maxTtl: 1, signal: controller.signal })));
      const late = AbortSignal.timeout(100);
      say(await lines(trace('10.3.0.1', { probe: 'gre', firstTtl: 250, maxTtl: 255, waitSeconds: 60, signal: late })));
      await lines(trace('10.3.0.1', { signal: AbortSignal.abort() })).catch((error) => say(error.name));
      process.on('exit', () => say(performance.now() - started < 3000 ? 'soon' : 'late'));`);
    assert.equal(printed.at(-2), 'AbortError');
    assert.equal(printed.at(-1), 'soon');
  });

  it('throws the reason of a signal at once while a silent name server is asked', async () => {
    configure(
      routers.namespaceOf('src'),
      'resolv.conf',
      'nameserver 10.3.0.1\noptions timeout:9 attempts:3\n',
    );
    // the name server's answers, and that nothing listens there, are lost on the way
    routers.nft(
      'r1',
      'table ip mute { chain forward { type filter hook forward priority 0; udp dport 53 drop; }; }',
    );
    const printed = await run(`
      const started = performance.now();
      const names = ['slow.example', 'slower.example'];
      for (const start of [
        (signal) => trace(names[0], { signal }),
        (signal) => traceAll(names, { signal }),
        (signal) => matrix(names[0], { signal, probes: ['icmp', 'gre'] }),
      ]) {
        await lines(start(AbortSignal.timeout(200))).catch((error) => say(error.name));
      }
      const controller = new AbortController();
      let replies = 0;
      for await (const event of trace('10.3.0.1', { names: true, attempts: 1, signal: controller.signal })) {
        if (event.type === 'hop' && ++replies === 3) setTimeout(() => controller.abort(), 100);
        if (event.type === 'end') say(event.reason);
      }
      process.on('exit', () => say(performance.now() - started < 3000 ? 'soon' : 'late'));`);
    assert.deepEqual(printed, ['TimeoutError', 'TimeoutError', 'TimeoutError', 'reached', 'soon']);
  });

  it('shows every hop over IPv6 too to a user without rights', async () => {
    const printed = await run(
      `say(await lines(trace('fd00:3::1', { probe: 'udp', attempts: 1 })));`,
      AS_NOBODY,
    );
    assert.deepEqual(printed, ['1 fd00:1::1, 2 fd00:2::1, 3 fd00:3::1, reached']);
  });

  it('sends all probes though each takes a socket and there are few', async () => {
    const limited = ['sh', '-c', 'ulimit -n 100; exec "$@"', 'sh', ...AS_NOBODY];
    const printed = await run(
      `const hosts = Array.from({ length: 60 }, (_, index) => '10.3.0.' + (10 + index));
      const failed = new Set();
      let ended = 0;
      for await (const { event } of traceAll(hosts, { probe: 'udp/53', attempts: 1, waitSeconds: 1 })) {
        if (event.type === 'outcome' && event.outcome.status === 'send-failed') failed.add(event.outcome.error.message);
        if (event.type === 'end') ended++;
      }
      say(ended, ...failed);`,
      limited,
    );
    assert.deepEqual(printed, ['60']);
  });

  it('leaves the rights, the signals and the filters of its process alone', async () => {
    const printed = await run(`
      const { readFileSync } = await import('node:fs');
      const status = () => readFileSync('/proc/self/status', 'utf8')
        .split('\\n').filter((line) => /^(Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp):/.test(line)).join();
      const before = status();
      say(await lines(trace('10.2.0.1', { probe: 'icmp' })));
      for await (const event of matrix('10.2.0.1', { probes: ['icmp', 'udp'] })) if (event.type === 'end') say('ended');
      say(status() === before && /CapEff:\\s*0*[1-9a-f]/.test(before));
      say(process.listenerCount('SIGUSR1'));`);
    assert.deepEqual(printed.slice(1), ['ended', 'true', '0']);
  });

  it('throws a MissingRightError where the probe takes a right, to import and to require', async () => {
    const printed = await run(
      `import { createRequire } from 'node:module';
      const required = createRequire(import.meta.url)('${LIBRARY.replace(/mjs$/, 'js')}');
      for (const [from, start] of [
        ['import', () => trace('10.3.0.1', { probe: 'gre' })],
        ['require', () => required.trace('10.3.0.1', { probe: 'tcp/80:ack' })],
        ['all', () => traceAll(['10.3.0.1'], { probe: '89' })],
        ['ecn', () => trace('10.3.0.1', { tos: 1 })],
        ['matrix', () => matrix('10.3.0.1', { probes: ['gre', 'sctp/80'] })],
      ]) {
        try {
          for await (const event of start()) say(event.type);
        } catch (error) {
          const isRight = [MissingRightError, TransportError, required.MissingRightError, Error];
          say(from, isRight.every((type) => error instanceof type), error.name, error.code, error.message);
        }
      }
      say(await lines(trace('10.3.0.1', { probe: 'udp', attempts: 1 })));`,
      AS_NOBODY,
    );
    const how =
      /cannot open a raw socket: EPERM \(run as root, or give it the right as in traceroute\(8\), RIGHTS\)/
        .source;
    const expected = ['import', 'require', 'all', 'ecn', 'matrix'];
    const what = ['probe gre', 'the TCP flag ack', 'probe 89', 'tos with an ECN field', 'probe gre'];
    for (const [index, from] of expected.entries()) {
      assert.match(
        printed[index] ?? '',
        new RegExp(`^${from} true MissingRightError EPERM ${what[index]}: ${how}$`),
      );
    }
    assert.equal(printed[5], '1 10.1.0.1, 2 10.2.0.1, 3 10.3.0.1, reached');
  });

  it('tells in a matrix which columns take a right that the user has not', async () => {
    const printed = await run(
      `for await (const event of matrix('10.3.0.1', { probes: ['udp/53', 'gre'] })) {
        if (event.type !== 'verdict') continue;
        const { column, ground } = event.verdict;
        say(column.name, ground.error instanceof MissingRightError);
      }`,
      AS_NOBODY,
    );
    assert.deepEqual(printed, ['udp/53 false', 'gre true']);
  });
});
