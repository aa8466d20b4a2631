/** The ways in which a command is started with rights, or without, and who it is then. */
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { here, isInstalled } from '../../setup/tools.ts';
import { mustRun } from '../command.ts';
import { configure } from '../namespaces.ts';

export const TRACEROUTE = fileURLToPath(new URL('../../../dist/traceroute.js', import.meta.url));

/** An ordinary user, and his group. The name is in the passwd file of `configureUsers`. */
export const USER = { uid: 7001, gid: 7002, name: 'tester' } as const;
/** Whom root becomes. */
export const NOBODY = { uid: 65_534, gid: 65_534 } as const;

/** How to start a program as that user, without a right. */
export const AS_USER: readonly string[] = [
  'setpriv',
  ...[`--reuid=${USER.uid}`, `--regid=${USER.gid}`, '--clear-groups', '--inh-caps=-all'],
];

/** A way of starting the command, by the words before its own arguments. */
export interface Way {
  readonly words: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Who calls, and so may send signals where that user's rights are all that is left. */
  readonly caller: { readonly uid: number; readonly gid: number };
  /** Who the command is once its sockets are open. */
  readonly user: { readonly uid: number; readonly gid: number };
  /** The reason why the way cannot be tried here. */
  readonly skip?: string | undefined;
}

/** Says why a program cannot be used; undefined where it is installed. */
export function lacks(program: string): string | undefined {
  return isInstalled(program, here().path) ? undefined : `${program} is not installed`;
}

/** A copy of this Node with a capability, which all may run. */
export class NodeCopy {
  readonly folder = mkdtempSync(join(tmpdir(), 'node-copy-'));
  readonly path = join(this.folder, 'node');

  constructor() {
    chmodSync(this.folder, 0o755);
    copyFileSync(process.execPath, this.path);
    mustRun('setcap', ['cap_net_raw+ep', this.path]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** Gives a namespace the user and a rule for sudo by which he may run the command as root. */
export function configureUsers(namespace: string, ...users: readonly string[]): void {
  const root = 'root:x:0:0:root:/root:/bin/sh';
  const tester = `${USER.name}:x:${USER.uid}:${USER.gid}:::/bin/sh`;
  configure(namespace, 'passwd', `${[root, tester, 'nobody:x:65534:65534:::', ...users].join('\n')}\n`);
  configure(namespace, 'shadow', `root:*:19000:0:99999:7:::\n${USER.name}:*:19000:0:99999:7:::\n`);
  const rule = `${USER.name} ALL=(root) NOPASSWD: ${process.execPath} ${TRACEROUTE} *`;
  configure(namespace, 'sudoers', `Defaults env_reset\n${rule}\n`);
}

/** Every way of starting. @param copy - the Node of those that have the right by its file */
export function waysToStart(copy: string): Readonly<Record<string, Way>> {
  const command = [process.execPath, TRACEROUTE];
  const toUser = { caller: USER, user: USER };
  const sudo = { SUDO_UID: String(USER.uid), SUDO_GID: String(USER.gid) };
  const rightsOfUnit = ['--inh-caps=+net_raw', '--ambient-caps=+net_raw', '--bounding-set=-all,+net_raw'];
  return {
    'plain root': { words: command, caller: { uid: 0, gid: 0 }, user: NOBODY },
    'the variables of sudo': { words: command, env: sudo, ...toUser },
    sudo: { words: [...AS_USER, 'sudo', '-n', ...command], ...toUser, skip: lacks('sudo') },
    'a node copy with file capabilities': { words: [...AS_USER, copy, TRACEROUTE], ...toUser },
    'a systemd unit': {
      words: [...AS_USER.slice(0, -1), ...rightsOfUnit, '--no-new-privs', ...command],
      ...toUser,
    },
    'an ordinary user': { words: [...AS_USER, ...command], ...toUser },
  };
}
