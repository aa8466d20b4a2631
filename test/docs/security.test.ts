/** Tries the ways of docs/security.md to give the right to one command, as they stand there. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { PathFormat } from '../sim/path-format.ts';
import { mustRun, type CommandResult } from '../lab/command.ts';
import { labMissing, openLab, type Lab } from '../lab/lab.ts';
import { configure } from '../lab/namespaces.ts';
import { AS_USER, configureUsers, lacks, USER } from '../lab/rights/start.ts';
import { codeBlocks, documentText, ROOT } from './markdown.ts';

const TEXT = documentText('docs/security.md');
const PATH: PathFormat = {
  src: '10.0.0.1',
  hops: [{ addr: '10.1.0.1', delay: 1 }],
  dst: { addr: '10.99.0.1', delay: 2 },
  hosts: `127.0.0.1 localhost ${hostname()}\n`, // sudo asks for it
};
/** A probe that takes a raw socket, for the first hop alone. */
const GRE = ['-n', '-q', '1', '-m', '1', '-P', 'gre', '10.99.0.1'] as const;
const TRACED = /^ 1 {2}10\.1\.0\.1 {2}\d+\.\d{3} ms\n$/;

const skip = labMissing() ?? lacks('setpriv') ?? lacks('setcap') ?? false;

describe('the ways of docs/security.md', { skip }, () => {
  let lab: Lab;
  let folder = '';
  before(async () => {
    lab = await openLab();
    await lab.take(PATH);
    configureUsers(lab.tracer);
    configure(lab.tracer, 'group', `root:x:0:\nnetdiag:x:${USER.gid}:\nnogroup:x:65534:\n`);
    folder = mkdtempSync(join(tmpdir(), 'polytrace-'));
    chmodSync(folder, 0o755);
    for (const part of ['dist', 'node_modules/koffi', 'node_modules/@koromix']) {
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    }
    writeFileSync(join(folder, 'evil.cjs'), `require('node:fs').writeFileSync('${folder}/ran', '');`);
  });
  after(() => {
    lab.close();
    rmSync(folder, { recursive: true });
  });

  /** The blocks of a language, with the folder and the Node of this test in the place of those in the text. */
  const blocks = (language: string): string[] =>
    codeBlocks(TEXT, language).map((block) =>
      block.replaceAll('/usr/lib/polytrace', folder).replaceAll('/usr/bin/node', process.execPath),
    );
  const asRoot = (commands: string): string =>
    mustRun('ip', ['netns', 'exec', lab.tracer, 'sh', '-ec', `cd ${folder}\n${commands}`]);
  // setpriv itself keeps root's capabilities until it starts another program, and would start any
  const asUser = async (...words: readonly string[]): Promise<CommandResult> =>
    await lab.run('setpriv', [...AS_USER.slice(1), 'env', ...words]);
  /** Runs as a user who is not in the group. */
  const asStranger = async (...words: readonly string[]): Promise<CommandResult> =>
    await lab.run('setpriv', [
      '--reuid=7009',
      '--regid=7009',
      '--clear-groups',
      '--inh-caps=-all',
      'env',
      ...words,
    ]);

  function traces({ status, stdout, stderr }: CommandResult): void {
    assert.match(stdout, TRACED, stderr);
    assert.deepEqual([status, existsSync(join(folder, 'ran'))], [0, false]);
  }

  it('are needed: without the right there is no raw socket', async () => {
    const { status, stderr } = await asUser(process.execPath, join(folder, 'dist/traceroute.js'), ...GRE);
    assert.equal(status, 1);
    assert.match(stderr, /cannot open a raw socket: EPERM/);
  });

  it('have a rule of sudo for one script', { skip: lacks('sudo') ?? false }, async () => {
    const [rule = ''] = blocks('sudoers');
    writeFileSync(join(folder, 'sudoers'), rule);
    mustRun('visudo', ['--check', '--quiet', '--file', join(folder, 'sudoers')]);
    configure(lab.tracer, 'sudoers', rule);
    const script = join(folder, 'dist/traceroute.js');
    const NODE_OPTIONS = `NODE_OPTIONS=--require ${folder}/evil.cjs`;
    traces(await asUser('sudo', '-n', process.execPath, script, ...GRE));
    traces(await asUser(NODE_OPTIONS, 'sudo', '-n', process.execPath, script, ...GRE));
    for (const words of [
      [process.execPath, '-e', '1'],
      [process.execPath, '--require', `${folder}/evil.cjs`, script, ...GRE],
      [NODE_OPTIONS, process.execPath, script, ...GRE],
    ]) {
      const { status, stderr } = await asUser('sudo', '-n', ...words);
      assert.equal(status, 1, words.join(' '));
      assert.match(stderr, /^sudo: /);
    }
    assert.equal((await asStranger('sudo', '-n', process.execPath, script, ...GRE)).status, 1);
  });

  it('have a small program for one script', { skip: lacks('cc') ?? false }, async () => {
    const [source = ''] = blocks('c');
    const [build = ''] = blocks('sh');
    writeFileSync(join(folder, 'traceroute.c'), source);
    asRoot(build.replace('cc ', 'cc -Wall -Wextra -Werror '));
    const program = join(folder, 'traceroute');
    traces(await asUser(program, ...GRE));
    const NODE_OPTIONS = `NODE_OPTIONS=--require ${folder}/evil.cjs`;
    traces(await asUser(NODE_OPTIONS, program, ...GRE));
    const { status, stderr } = await asUser(program, '--require', `${folder}/evil.cjs`, ...GRE);
    assert.equal(status, 1);
    assert.match(stderr, /^traceroute: /);
    assert.equal(existsSync(join(folder, 'ran')), false);
    assert.notEqual((await asStranger(program, ...GRE)).status, 0);
  });

  it('have a copy of node for a group', async () => {
    const [, copy = ''] = blocks('sh');
    asRoot(copy);
    const words = [join(folder, 'node'), join(folder, 'dist/traceroute.js'), ...GRE];
    traces(await asUser(...words));
    const { status, stderr } = await asUser(`NODE_OPTIONS=--require ${folder}/evil.cjs`, ...words);
    assert.equal(status, 1);
    assert.match(stderr, /^traceroute: NODE_OPTIONS is not for a run with rights/);
    assert.equal(existsSync(join(folder, 'ran')), false);
    assert.notEqual((await asStranger(...words)).status, 0);
  });

  it('have a unit of systemd', async () => {
    const [unit = ''] = blocks('ini');
    const setting = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? '';
    if (lacks('systemd-analyze') === undefined) {
      writeFileSync(join(folder, 'path.service'), unit);
      const { stderr } = spawnSync('systemd-analyze', ['verify', join(folder, 'path.service')], {
        encoding: 'utf8',
      });
      assert.doesNotMatch(stderr, /path\.service/);
    }
    // what systemd does with these settings, which needs no systemd: systemd.exec(5)
    const [ambient, bounding] = ['AmbientCapabilities', 'CapabilityBoundingSet'].map((name) =>
      setting(name).replace('CAP_', '+').toLowerCase(),
    );
    assert.deepEqual([ambient, bounding, setting('NoNewPrivileges')], ['+net_raw', '+net_raw', 'yes']);
    const user = ['--reuid=61999', '--regid=61999', '--clear-groups', '--no-new-privs'];
    const rights = [
      `--inh-caps=-all,${ambient}`,
      `--ambient-caps=${ambient}`,
      `--bounding-set=-all,${bounding}`,
    ];
    const [node = '', script = ''] = setting('ExecStart').split(' ');
    assert.match(setting('ExecStart'), / -P gre shop\.example$/);
    traces(await lab.run('setpriv', [...user, ...rights, node, script, ...GRE]));
  });
});

describe('the lists of docs/security.md', () => {
  it('name the way of each test', () => {
    const headings = [...TEXT.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
    assert.deepEqual(headings, [
      'A rule of sudo',
      'A small program with the capability',
      'A copy of node',
      'A systemd unit',
      'In a container',
    ]);
  });
});
