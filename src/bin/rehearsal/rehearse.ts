/**
 * Runs one trace in memory, so that V8 compiles what a trace runs. It opens no socket and sends nothing: the commands
 * reach the outside by the `require` that they are given and by `process.dlopen`, and both are replaced.
 */
import * as fs from 'node:fs';
import { platformLayout } from '../../net/linux/layout.ts';
import type { Require } from '../evaluate.ts';
import { Kernel } from './kernel.ts';
import { koffiOver } from './koffi.ts';
import { TARGET } from './path.ts';

/** The modules of Node that a numeric trace loads besides node:fs. None of them reaches a network. */
const HARMLESS = ['node:path', 'node:util', 'node:os'];

/**
 * Has `run` carry out `traceroute -n` over a kernel in memory; the process ends with it. Linux is rehearsed everywhere:
 * other systems use all of it but the socket calls. Does nothing where the kernel's structures are not known.
 * @param run - starts the command that the arguments of this process name, with the `require` for it
 */
export function rehearse(run: (require: Require) => void): void {
  const layout = platformLayout('linux');
  if (!layout) return;
  const koffi = koffiOver(new Kernel(layout));
  Object.defineProperty(process, 'platform', { value: 'linux' });
  process.dlopen = (module: { exports: object }) => Object.assign(module.exports, koffi);
  startAsRoot();
  process.argv.splice(1, Infinity, 'traceroute', '-n', TARGET);
  const files = { ...fs, writeSync: recorder() };
  run((name) => {
    if (name === 'koffi') return koffi;
    if (name === 'node:fs') return files;
    if (HARMLESS.includes(name)) return process.getBuiltinModule(name);
    throw new Error(`the rehearsal loads no ${name}`);
  });
}

/** Has the command believe that root runs it, and give that up: whoever installs, the same is compiled. */
function startAsRoot(): void {
  const ids = { uid: 0, gid: 0 };
  Object.assign(process.env, { SUDO_UID: '0', SUDO_GID: '0' }); // the variables are read too
  Object.assign(process, {
    getuid: () => ids.uid,
    geteuid: () => ids.uid,
    getgid: () => ids.gid,
    setgroups: () => undefined,
    setgid: (gid: number) => (ids.gid = gid),
    seteuid: (uid: number) => (ids.uid = uid),
    setuid: (uid: number) => (ids.uid = uid),
  });
}

/** Keeps what the command writes, and shows it only where the command fails. */
function recorder(): (fd: number, text: string) => number {
  let written = '';
  process.on('exit', (status) => {
    if (status !== 0) fs.writeSync(2, written);
  });
  return (_fd, text) => {
    written += text;
    return Buffer.byteLength(text);
  };
}
